-- Mail between buckets and merges.

SELECT 1;
