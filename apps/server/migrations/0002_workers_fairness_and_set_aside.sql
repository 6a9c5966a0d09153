-- Workers fairness and set aside.

SELECT 1;
