"""Statements in the words of object mappers, over definitions in the words of their migrations; written by hand after their forms."""

from __future__ import annotations

import pytest

import wa_advisor
from wa_advisor.evidence.sql.schema import Schema

PRISMA = wa_advisor.load_schema(
    """-- CreateTable
CREATE TABLE "User" ("id" SERIAL NOT NULL, "email" TEXT NOT NULL, "orgId" INTEGER, CONSTRAINT "User_pkey" PRIMARY KEY ("id"));
CREATE TABLE "Post" ("id" TEXT NOT NULL, "userId" INTEGER NOT NULL, CONSTRAINT "Post_pkey" PRIMARY KEY ("id"));
CREATE TABLE "_PostToTag" ("A" TEXT NOT NULL, "B" INTEGER NOT NULL);
-- CreateIndex
CREATE UNIQUE INDEX "User_email_key" ON "User"("email");
CREATE UNIQUE INDEX "_PostToTag_AB_unique" ON "_PostToTag"("A", "B");
ALTER TABLE "Post" ADD CONSTRAINT "Post_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE RESTRICT ON UPDATE CASCADE;""",
    "postgres",
)
HIBERNATE = wa_advisor.load_schema(
    """create table users (id bigint not null auto_increment, email varchar(255), team_id bigint, primary key (id)) engine=InnoDB;
create table users_seq (next_val bigint) engine=InnoDB; insert into users_seq values ( 1 );
create table items (id bigint not null auto_increment, cart_id bigint, primary key (id)) engine=InnoDB;
create table cart (id binary(16) not null, primary key (id)) engine=InnoDB;
alter table users drop index UK_6dotkott2kjsp8vw4d0m25fb7;
alter table users add constraint UK_6dotkott2kjsp8vw4d0m25fb7 unique (email);
alter table if exists items add constraint FK foreign key (cart_id) references cart (id);""",
    "mysql",
)
SEQUELIZE_AND_GORM = wa_advisor.load_schema(
    """CREATE TABLE IF NOT EXISTS "Users" ("id"   SERIAL , "email" VARCHAR(255) NOT NULL UNIQUE, "deletedAt" TIMESTAMP WITH TIME ZONE, PRIMARY KEY ("id"));
CREATE TABLE IF NOT EXISTS "Posts" ("id" UUID, "userId" INTEGER REFERENCES "Users" ("id") ON DELETE SET NULL ON UPDATE CASCADE, PRIMARY KEY ("id"));
CREATE TABLE "users" ("id" bigserial,"created_at" timestamptz,"name" text,"code" text,PRIMARY KEY ("id"));
CREATE UNIQUE INDEX IF NOT EXISTS "idx_users_code" ON "users" ("code");""",
    "postgres",
)
MAGENTO = wa_advisor.load_schema(
    """CREATE TABLE `catalog_product_entity_varchar` (`value_id` int NOT NULL AUTO_INCREMENT COMMENT 'Value ID', `attribute_id` smallint unsigned NOT NULL DEFAULT '0', `store_id` smallint unsigned NOT NULL DEFAULT '0', `entity_id` int unsigned NOT NULL DEFAULT '0', `value` varchar(255) DEFAULT NULL, PRIMARY KEY (`value_id`), UNIQUE KEY `U` (`entity_id`,`attribute_id`,`store_id`), KEY `A` (`attribute_id`)) ENGINE=InnoDB;
CREATE TABLE `quote_item_option` (`option_id` int unsigned NOT NULL AUTO_INCREMENT, `item_id` int, PRIMARY KEY (`option_id`)) ENGINE=InnoDB;
CREATE TABLE `customer_visitor` (`visitor_id` bigint NOT NULL AUTO_INCREMENT, PRIMARY KEY (`visitor_id`)) ENGINE=InnoDB;
CREATE TABLE `flag` (`flag_id` int NOT NULL, `flag_code` varchar(255), PRIMARY KEY(`flag_id`), KEY (`flag_code`));""",
    "mysql",
)
STATEMENTS = [
    (
        PRISMA,
        "postgres",
        'SELECT "t0"."id", COALESCE("User_posts"."__prisma_data__", \'[]\'::jsonb) AS "posts" FROM "public"."User" AS "t0" LEFT JOIN LATERAL (SELECT JSONB_AGG("__prisma_data__") AS "__prisma_data__" FROM (SELECT "t2"."__prisma_data__" FROM (SELECT JSONB_BUILD_OBJECT(\'id\', "t1"."id") AS "__prisma_data__" FROM (SELECT "t1".* FROM "public"."Post" AS "t1" WHERE "t0"."id" = "t1"."userId") AS "t1") AS "t2") AS "t3") AS "User_posts" ON TRUE WHERE ("t0"."id" = $1 AND 1=1) LIMIT $2',
        "relational",
    ),
    (
        PRISMA,
        "postgres",
        'SELECT COUNT(*) FROM (SELECT "public"."User"."id" FROM "public"."User" WHERE 1=1 OFFSET $1) AS "sub"',
        "single-table",
    ),
    (
        PRISMA,
        "postgres",
        'SELECT "public"."User"."id" FROM "public"."User" WHERE ("public"."User"."email" = $1 AND 1=1) LIMIT $2 OFFSET $3',
        "key-value",
    ),
    (PRISMA, "postgres", 'UPDATE "public"."User" SET "email" = $1 WHERE ("public"."User"."id" IN ($2) AND 1=1)', "key-value"),
    (
        PRISMA,
        "postgres",
        'UPDATE "public"."User" SET "email" = $1 WHERE ("public"."User"."id" = $2 AND 1=1) RETURNING "public"."User"."id", "public"."User"."email"',
        "key-value",
    ),
    (
        PRISMA,
        "postgres",
        'INSERT INTO "public"."User" ("email") VALUES ($1) ON CONFLICT ("email") DO UPDATE SET "email" = $2 WHERE ("public"."User"."email" = $3 AND 1=1) RETURNING "public"."User"."id"',
        "key-value",
    ),
    (
        PRISMA,
        "postgres",
        'SELECT "public"."_PostToTag"."A", "public"."_PostToTag"."B" FROM "public"."_PostToTag" WHERE "public"."_PostToTag"."A" IN ($1,$2)',
        "single-table",
    ),
    (
        PRISMA,
        "postgres",
        'INSERT INTO "public"."_PostToTag" ("B", "A") VALUES ($1,$2), ($3,$4) ON CONFLICT DO NOTHING',
        "single-table",
    ),
    (
        PRISMA,
        "postgres",
        'DELETE FROM "public"."_PostToTag" WHERE ("public"."_PostToTag"."A" = ($1) AND "public"."_PostToTag"."B" IN ($2))',
        "key-value",
    ),
    (
        PRISMA,
        "postgres",
        'SELECT "public"."Post"."id" FROM "public"."Post" WHERE ("public"."Post"."id") IN (SELECT "t0"."A" FROM "public"."_PostToTag" AS "t0" WHERE "t0"."B" = $1)',
        "relational",
    ),
    (HIBERNATE, "mysql", "select next_val as id_val from users_seq for update", "single-table"),
    (HIBERNATE, "mysql", "update users_seq set next_val= ? where next_val=?", "single-table"),
    (HIBERNATE, "mysql", "select u1_0.id,u1_0.email,u1_0.team_id from users u1_0 where u1_0.id=?", "key-value"),
    (HIBERNATE, "mysql", "select u1_0.id from users u1_0 where u1_0.email=? limit ?", "key-value"),
    (
        HIBERNATE,
        "mysql",
        "select c1_0.id,i1_0.cart_id,i1_0.id from cart c1_0 left join items i1_0 on c1_0.id=i1_0.cart_id where c1_0.id=?",
        "relational",
    ),
    (HIBERNATE, "mysql", "select count(u1_0.id) from users u1_0", "single-table"),
    (HIBERNATE, "mysql", "select i1_0.id from items i1_0 where i1_0.cart_id in (?,?,?)", "single-table"),
    (HIBERNATE, "mysql", "/* update for com.example.User */update users set email=?,team_id=? where id=?", "key-value"),
    (HIBERNATE, "mysql", "/* delete for com.example.User */ delete from users where id=?", "key-value"),
    (HIBERNATE, "mysql", "insert into users (email,team_id) values (?,?)", "key-value"),
    (HIBERNATE, "mysql", "select @@session.transaction_read_only", "not-counted"),
    (
        HIBERNATE,
        "mysql",
        "/* mysql-connector-j-8.2.0 (Revision: 06) */SELECT  @@session.auto_increment_increment AS auto_increment_increment, @@character_set_client AS character_set_client",
        "not-counted",
    ),
    (SEQUELIZE_AND_GORM, "postgres", 'SELECT count(*) AS "count" FROM "Users" AS "User" WHERE "User"."id" = 1;', "key-value"),
    (
        SEQUELIZE_AND_GORM,
        "postgres",
        'SELECT "User".*, "Posts"."id" AS "Posts.id" FROM (SELECT "User"."id" FROM "Users" AS "User" WHERE ("User"."deletedAt" IS NULL AND "User"."id" = 1) LIMIT 1) AS "User" LEFT OUTER JOIN "Posts" AS "Posts" ON "User"."id" = "Posts"."userId";',
        "relational",
    ),
    (
        SEQUELIZE_AND_GORM,
        "postgres",
        'UPDATE "Posts" SET "userId"=$1,"updatedAt"=$2 WHERE "id" = $3 RETURNING "id","userId"',
        "key-value",
    ),
    (
        MAGENTO,
        "mysql",
        "SELECT `catalog_product_entity_varchar`.`value` FROM `catalog_product_entity_varchar` WHERE (entity_id = '1') AND (attribute_id = '3') AND (store_id = '0')",
        "key-value",
    ),
    (
        MAGENTO,
        "mysql",
        "SELECT `t_d`.`attribute_id`, IF(t_s.value_id IS NULL, t_d.value, t_s.value) AS `v` FROM `catalog_product_entity_varchar` AS `t_d` LEFT JOIN `catalog_product_entity_varchar` AS `t_s` ON t_s.attribute_id = t_d.attribute_id AND t_s.entity_id = t_d.entity_id AND t_s.store_id = 1 WHERE (t_d.entity_id IN (1, 2))",
        "relational",
    ),
    (
        MAGENTO,
        "mysql",
        "SELECT `u`.* FROM ((SELECT `t`.* FROM `catalog_product_entity_varchar` AS `t` WHERE (t.entity_id = '1')) UNION ALL (SELECT `t`.* FROM `catalog_product_entity_varchar` AS `t` WHERE (t.entity_id = '2'))) AS `u` ORDER BY `store_id` ASC",
        "single-table",
    ),
    (MAGENTO, "mysql", "DELETE FROM `quote_item_option` WHERE (`option_id` IN(1, 2))", "single-table"),
    (MAGENTO, "mysql", "DELETE FROM `quote_item_option` WHERE (option_id='5')", "key-value"),
    (MAGENTO, "mysql", "UPDATE `customer_visitor` SET `last_visit_at` = '2026-01-01' WHERE (visitor_id='5')", "key-value"),
    (
        MAGENTO,
        "mysql",
        "INSERT  INTO `catalog_product_entity_varchar` (`attribute_id`,`value`) VALUES (?, ?), (?, ?) ON DUPLICATE KEY UPDATE `value` = VALUES(`value`)",
        "single-table",
    ),
    (MAGENTO, "mysql", "SELECT COUNT(DISTINCT e.value_id) FROM `catalog_product_entity_varchar` AS `e`", "single-table"),
    (MAGENTO, "mysql", "SELECT `flag`.* FROM `flag` WHERE (`flag`.`flag_code`='x') LIMIT 1", "single-table"),
]


@pytest.mark.parametrize(("schema", "dialect", "statement", "expected"), STATEMENTS, ids=[s[2][:90] for s in STATEMENTS])
def test_statements_of_mappers(schema: Schema, dialect: str, statement: str, expected: str) -> None:
    found = wa_advisor.classify_statement(statement, schema, dialect)
    assert found.name == expected, found.why
