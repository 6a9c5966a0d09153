-- People at work.

SELECT 1;
