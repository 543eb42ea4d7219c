-- Makes :members members of nine tongues with their identifiers, and nothing else.
-- The same on every machine: chance is a hash of the member's number, never random().
CREATE SCHEMA bench;
CREATE FUNCTION bench.chance(i bigint, k int) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN (hashint8extended(i, k) & 4294967295)::float8 / 4294967296;
-- One of n, the first ones far more often, as with names and customers.
CREATE FUNCTION bench.popular(n int, chance float8) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN 1 + floor(n * power(chance, 1.8))::int;

-- A family name is a stem and an ending, so that a hundred of each make ten thousand.
CREATE TABLE bench.tongue (code text PRIMARY KEY, up_to float8, dial text, city text[], given text[], stem text[], ending text[]);
INSERT INTO bench.tongue VALUES
('tr', 0.45, '+905', '{İstanbul,Ankara,İzmir,Muğla,Şanlıurfa,Eskişehir}',
 '{Mehmet,Ayşe,Fatma,Mustafa,Ahmet,Emine,Ali,Hatice,Zeynep,Hüseyin,Elif,Hasan,İbrahim,Meryem,Şerife,Osman,Yusuf,Zehra,Murat,Sultan,Ömer,Hanife,Ramazan,Merve,Halil,Büşra,Süleyman,Esra,Abdullah,Özlem,Salih,Yasemin,Recep,Dilek,Kadir,Sevgi,Emre,Songül,Fatih,Gülşen,Hakan,Çiğdem,Bekir,Tuğba,Adem,Nurcan,Kemal,Ebru,Yaşar,Kübra,Orhan,Derya,Serkan,Pınar,Işıl,Ceren,Barış,Gizem,Deniz,Umut,Iraz,İpek,Çağrı,Doğukan,Ilgın,Uğur}',
 '{Yıl,Kaya,Demir,Çel,Şahin,Yıldız,Yıldırım,Öztürk,Aydın,Özdemir,Arslan,Doğan,Kılıç,Aslan,Çetin,Kara,Koç,Kurt,Özkan,Şimşek,Polat,Korkmaz,Çakır,Erdoğan,Can,Acar,Şen,Aktaş,Güler,Yalçın,Güneş,Bozkurt,Bulut,Keskin,Ünal,Turan,Gül,Özer,Işık,Avcı,Sarı,Tekin,Taş,Köse,Yüksel,Ateş,Aksoy,Uçar,Kaplan,Uysal,Altın,Ekinci,Göz,Bay,Er,Ak,Gök,Tunç,Soy,Ay,Yavuz,Karaca,Dinç,Ergün,Sönmez,Duman,Toprak,Bilgi,Oruç,Irmak}',
 '{"",maz,oğlu,türk,taş,er,soy,lı,kan,tepe,kaya,bey,han,alp,dağ,ay,gil,ci,su,en,tekin,ışık}'),
('de', 0.57, '+4915', '{Berlin,München,Köln,Düsseldorf}',
 '{Hans,Anna,Peter,Ursula,Michael,Sabine,Thomas,Renate,Andreas,Monika,Wolfgang,Helga,Klaus,Karin,Jürgen,Brigitte,Günter,Ingrid,Stefan,Erika,Jörg,Käthe,Björn,Sören,Änne,Lukas,Lena,Felix,Mia,Jonas,Emma,Paul,Sophie,Max,Leonie,Götz,Bärbel}',
 '{Müller,Schmidt,Schneider,Fischer,Weber,Meyer,Wagner,Becker,Schulz,Hoffmann,Koch,Richter,Klein,Wolf,Schröder,Neumann,Schwarz,Zimmermann,Braun,Krüger,Hof,Hart,Lange,Krause,Leh,Köhler,Maier,Walter,König,Kaiser,Fuchs,Lang,Vogel,Stein,Jung,Roth,Groß,Berg,Bach,Busch,Kühn,Böhm,Lorenz,Bau}',
 '{"",mann,er,berg,stein,feld,bauer,meier,bach,hoff,lein,ke,hagen,burg,ing,el,städt,wald}'),
('en', 0.69, '+4477', '{London,Leeds,Bristol,Dublin}',
 '{James,Mary,John,Patricia,Robert,Jennifer,David,Linda,William,Elizabeth,Richard,Barbara,Joseph,Susan,Thomas,Jessica,Charles,Sarah,Daniel,Karen,Matthew,Nancy,Anthony,Lisa,Mark,Betty,Donald,Sandra,Steven,Ashley,Paul,Kim,Andrew,Donna,Joshua,Emily,Kenneth,Michelle,Siobhán,Zoë,Chloë}',
 '{Smith,John,William,Brown,Jones,Davi,Miller,Wil,Moore,Taylor,Ander,Thom,Jack,White,Harri,Martin,Robin,Clark,Lewis,Lee,Walker,Hall,Allen,Young,King,Wright,Scott,Green,Baker,Adam,Nel,Hill,Carter,Mitchell,Robert,Turner,Phillip,Campbell,Parker,Evans,Ed,Collin,Stewart,Peter,Morri,O''Connor}',
 '{"",son,s,ton,ford,man,well,ley,field,wood,worth,by,ham,shaw,more}'),
('es', 0.76, '+346', '{Madrid,Sevilla,Málaga,A Coruña}',
 '{José,María,Antonio,Carmen,Juan,Ana,Manuel,Isabel,Francisco,Laura,Luis,Cristina,Javier,Marta,Miguel,Lucía,Ángel,Elena,Carlos,Pilar,Jesús,Paula,Iñigo,Begoña,Óscar,Mónica}',
 '{García,Gonzál,Rodrígu,Fernánd,Lóp,Martín,Sánch,Pér,Góm,Jimén,Ru,Hernánd,Díaz,Moreno,Muñoz,Álvar,Romero,Alonso,Gutiérr,Navarro,Torr,Domíngu,Vázqu,Ramos,Gil,Ramír,Serrano,Blanco,Molina,Suár,Ortega,Delgado,Castro,Ortiz,Rubio,Marín,Núñ,Peña}',
 '{ez,"",es,"ez García","ez de la Torre",osa,illo,era,ado,ano," y Castro"}'),
('fr', 0.81, '+336', '{Paris,Lyon,Nîmes,Besançon}',
 '{Jean,Marie,Pierre,Jeanne,Michel,Françoise,André,Monique,Philippe,Catherine,René,Nathalie,Louis,Isabelle,Alain,Jacqueline,Hélène,Noël,Chloé,Léa,Théo,Zoé,Gaël,Anaïs}',
 '{Martin,Bernard,Dubois,Thomas,Robert,Richard,Petit,Durand,Leroy,Moreau,Simon,Laurent,Lefèbvre,Michel,Garci,David,Bertrand,Roux,Vincent,Fourni,Morel,Girard,André,Mercier,Dupon,Lambert,Bonnet,François,Martin,Legr,Garn,Faure,Rousse,Blanc,Guérin,Mull,Henri,Rousse}',
 '{"",eau,et,ier,in,ot,el,ard,oux,ois,elle,aud}'),
('pl', 0.87, '+485', '{Warszawa,Kraków,Łódź,Wrocław}',
 '{Anna,Piotr,Maria,Krzysztof,Katarzyna,Andrzej,Małgorzata,Tomasz,Agnieszka,Jan,Barbara,Paweł,Ewa,Michał,Krystyna,Marcin,Elżbieta,Stanisław,Łukasz,Grażyna,Żaneta,Wójciech}',
 '{Now,Kowal,Wiśniew,Wójc,Kamińs,Lewandow,Zieliń,Szymań,Woźni,Dąbrow,Kozłow,Jankow,Mazur,Wojciechow,Kwiatkow,Krawczy,Kaczmar,Piotrow,Grabow,Zając,Pawłow,Michal,Król,Wieczor,Jabłoń,Wróbel,Nowakow,Majew,Olszew,Stępie}',
 '{ak,ski,ska,czyk,ik,icz,owicz,ek,ńska,ewski,ewska,arz}'),
('ar', 0.92, '+2010', '{القاهرة,الرياض,بيروت}',
 '{محمد,فاطمة,أحمد,عائشة,علي,مريم,عمر,زينب,يوسف,خديجة,إبراهيم,سارة,حسن,نور,خالد,ليلى,مصطفى,هدى,طارق,أمينة}',
 '{العلي,الحسن,المصري,الخطيب,النجار,الحداد,الشريف,السيد,عبد,بن,الرشيد,القاسم,الأحمد,الحكيم,الصباغ,الزهراء}',
 '{""," الله"," الرحمن"," الكريم"," محمد"," حسين"," الدين"," النور"}'),
('ja', 0.96, '+8190', '{東京,大阪,札幌}',
 '{太郎,花子,翔太,陽菜,大輔,美咲,健一,さくら,誠,愛,拓也,結衣,直樹,葵,和也,凛,隆,優子,剛,恵}',
 '{佐,鈴,高,田,渡,伊,山,中,小,加,吉,斎,松,井,木,林,清,石,前,藤,村,長,岡,後,近,坂,遠,青,西,福}',
 '{藤,木,橋,中,辺,本,村,林,田,井,上,川,口,野,崎,原,島,谷,沢,岡}'),
('vi', 1.00, '+8491', '{Hà Nội,Huế,Đà Nẵng}',
 '{Anh,Bình,Chi,Dũng,Giang,Hà,Hải,Hạnh,Hiền,Hoa,Hùng,Hương,Khánh,Lan,Linh,Long,Mai,Minh,Nam,Nga,Ngọc,Phúc,Quân,Thảo,Trang,Tuấn,Vân,Yến}',
 '{Nguyễn,Trần,Lê,Phạm,Hoàng,Huỳnh,Phan,Vũ,Võ,Đặng,Bùi,Đỗ,Hồ,Ngô,Dương,Lý}',
 '{""," Văn"," Thị"," Hữu"," Đức"," Ngọc"," Quang"," Minh"}');
-- Vietnamese comes with combining marks, as some keyboards write it.
UPDATE bench.tongue SET given = (SELECT array_agg(normalize(x, NFD) ORDER BY n) FROM unnest(given) WITH ORDINALITY u (x, n)) WHERE code = 'vi';
-- What stands in front of the @.
CREATE TABLE bench.mailbox AS SELECT t.code, n::int, regexp_replace(loyalty.fold(x), '[^a-z]', '', 'g') AS name
  FROM bench.tongue t, unnest(t.given) WITH ORDINALITY u (x, n);
CREATE UNIQUE INDEX ON bench.mailbox (code, n) INCLUDE (name);

-- Indexes that are no constraints go and come back, as one would for a load of this size.
CREATE TABLE bench.put_aside AS SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition
  FROM pg_index WHERE indrelid IN ('loyalty.member'::regclass, 'loyalty.member_identifier'::regclass)
   AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = indexrelid);
SELECT format('DROP INDEX %s', name) FROM bench.put_aside \gexec
SET synchronous_commit = off;
SET session_replication_role = replica; -- the foreign keys hold by construction
SET maintenance_work_mem = '512MB';
SET work_mem = '128MB';

INSERT INTO loyalty.member (member_id, number, given_name, family_name, born, city, language, channel, flags, enrolled_on)
SELECT i, 1000000 + i,
       t.given[bench.popular(cardinality(t.given), bench.chance(i, 2))]
         || CASE WHEN bench.chance(i, 3) < 0.08 THEN ' ' || t.given[bench.popular(cardinality(t.given), bench.chance(i, 4))] ELSE '' END,
       t.stem[bench.popular(cardinality(t.stem), bench.chance(i, 5))] || t.ending[bench.popular(cardinality(t.ending), bench.chance(i, 6))]
         || CASE WHEN bench.chance(i, 7) < 0.006
                 THEN '-' || t.stem[bench.popular(cardinality(t.stem), bench.chance(i, 8))] || t.ending[bench.popular(cardinality(t.ending), bench.chance(i, 9))]
                 ELSE '' END,
       date '1940-01-01' + (bench.chance(i, 10) * 25000)::int, t.city[1 + floor(cardinality(t.city) * bench.chance(i, 11))::int], t.code, 'store',
       '{}', date '2016-01-01' + (bench.chance(i, 12) * 3800)::int
  FROM (SELECT i, bench.chance(i, 1) AS u FROM generate_series(1, :members) i) x
  JOIN LATERAL (SELECT * FROM bench.tongue t WHERE t.up_to > x.u ORDER BY t.up_to LIMIT 1) t ON true;

-- Each of the four is unique because it is i, or i times what shares no factor with the modulus.
INSERT INTO loyalty.member_identifier (value, kind, member_id)
SELECT k.value, k.kind, m.member_id
  FROM loyalty.member m JOIN bench.tongue t ON t.code = m.language
  JOIN bench.mailbox b ON b.code = t.code AND b.n = bench.popular(cardinality(t.given), bench.chance(m.member_id, 2))
  CROSS JOIN LATERAL (VALUES
    ('number', m.number::text, 0.0::float8),
    ('card', (6360000000000000 + m.member_id * 7368787 % 1000000000000)::text, 0.10),
    ('phone', t.dial || lpad((m.member_id * 611953 % 1000000000)::text, 9, '0'), 0.25),
    ('email', coalesce(nullif(b.name, ''), 'member') || '.' || m.member_id || '@example.' || CASE t.code WHEN 'en' THEN 'com' ELSE t.code END, 0.20))
    k (kind, value, without)
 WHERE bench.chance(m.member_id, 13 + length(k.kind)) >= k.without
 ORDER BY 1;

SELECT definition FROM bench.put_aside \gexec
SELECT loyalty.name_words_count();
SELECT setval('loyalty.member_id_seq', :members), setval('loyalty.member_number_seq', 1000000 + :members);
RESET session_replication_role;
VACUUM (ANALYZE, FREEZE) loyalty.member, loyalty.member_identifier, loyalty.name_word;
