-- The floor of counting a segment: what somebody who knows the tables would write for it, adding the journal up once for all members or, where
-- :few is true, for each member that the other clauses leave.
SET jit = off;
SELECT tier_id AS gold FROM loyalty.tier WHERE code = 'gold' \gset
SELECT tier_id AS reserve FROM loyalty.tier WHERE code = 'reserve' \gset
SELECT loyalty.business_day() AS today \gset
\if :few
SELECT count(*) FROM loyalty.member m JOIN loyalty.standing s USING (member_id)
 WHERE m.status = 'active' AND s.tier_id IN (:gold, :reserve) AND s.last_purchase_on > date :'today' - 60
   AND (SELECT sum(CASE j.type WHEN 'return' THEN -1 ELSE 1 END * coalesce(j.amount, (SELECT sum(a)::bigint FROM unnest(j.line_amount) a))) FROM loyalty.journal j WHERE j.member_id = m.member_id
           AND j.type IN ('purchase', 'return') AND j.activity_on > date :'today' - 90
           AND NOT EXISTS (SELECT FROM loyalty.outcome o WHERE o.member_id = j.member_id AND o.seq = j.seq AND o.result <> 'accepted')) >= 20000
   AND NOT EXISTS (SELECT FROM loyalty.member_case c WHERE c.member_id = m.member_id AND c.is_working)
   AND NOT EXISTS (SELECT FROM loyalty.household h WHERE h.member_id = m.member_id);
\else
SELECT count(*) FROM loyalty.member m JOIN loyalty.standing s USING (member_id) JOIN (
    SELECT j.member_id FROM loyalty.journal j WHERE j.type IN ('purchase', 'return') AND j.activity_on > date :'today' - 90
       AND NOT EXISTS (SELECT FROM loyalty.outcome o WHERE o.member_id = j.member_id AND o.seq = j.seq AND o.result <> 'accepted')
     GROUP BY 1 HAVING sum(CASE j.type WHEN 'return' THEN -1 ELSE 1 END * coalesce(j.amount, (SELECT sum(a)::bigint FROM unnest(j.line_amount) a))) >= 20000) spend USING (member_id)
 WHERE m.status = 'active' AND s.tier_id IN (:gold, :reserve) AND s.last_purchase_on > date :'today' - 60
   AND NOT EXISTS (SELECT FROM loyalty.member_case c WHERE c.member_id = m.member_id AND c.is_working)
   AND NOT EXISTS (SELECT FROM loyalty.household h WHERE h.member_id = m.member_id);
\endif
