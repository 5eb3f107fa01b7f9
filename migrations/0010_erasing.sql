-- For the hourly erasing of what is old and of what is left of installations that were deleted: no step reads a whole table.
-- Plans are deleted with their items already gone, which the foreign key looks up for each.
CREATE INDEX work_items_by_plan ON work_items (plan_seq);
CREATE INDEX observed_by_age ON observed (observed_at);
