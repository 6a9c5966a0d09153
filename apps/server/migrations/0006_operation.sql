-- Operation.

SELECT 1;
