-- Outbox for every channel.

SELECT 1;
