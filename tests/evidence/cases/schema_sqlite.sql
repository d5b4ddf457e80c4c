-- definitions as sqlite3's .schema prints them; written by hand
CREATE TABLE IF NOT EXISTS "notes" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "title" varchar NOT NULL, "folder_id" integer);
CREATE UNIQUE INDEX "index_notes_on_title" ON "notes" ("title" COLLATE NOCASE);
CREATE TABLE kv(k TEXT PRIMARY KEY, v BLOB) WITHOUT ROWID;
CREATE TABLE log(at, what);
