-- definitions as pg_dump writes them, with what is awkward in them; written by hand
\restrict abcdef
SET statement_timeout = 0;
CREATE SCHEMA app;
CREATE FUNCTION public.touch() RETURNS trigger LANGUAGE plpgsql AS $_$ BEGIN NEW.updated_at := now(); RETURN NEW; END $_$;
CREATE FUNCTION app.total_of(id bigint) RETURNS numeric LANGUAGE sql AS $$ SELECT 1; $$;
CREATE TABLE public.users (
    id bigint NOT NULL,
    email character varying(255) NOT NULL,
    username character varying NOT NULL,
    tenant_id integer,
    external_ref text,
    reset_token text,
    status character varying(20) DEFAULT 'active, UNIQUE'::character varying NOT NULL,
    admin boolean DEFAULT false NOT NULL,
    deleted_at timestamp without time zone,
    payload jsonb,
    full_name text GENERATED ALWAYS AS (((username)::text || ' '::text)) STORED,
    CONSTRAINT users_check CHECK (((status)::text = ANY (ARRAY['a'::text, 'b'::text])))
);
CREATE SEQUENCE public.users_id_seq START WITH 1;
ALTER TABLE ONLY public.users ALTER COLUMN id SET DEFAULT nextval('public.users_id_seq'::regclass);
ALTER TABLE ONLY public.users ADD CONSTRAINT users_pkey PRIMARY KEY (id);
CREATE UNIQUE INDEX users_email ON public.users USING btree (lower((email)::text));
CREATE UNIQUE INDEX users_username_live ON public.users USING btree (username) WHERE (deleted_at IS NULL);
CREATE UNIQUE INDEX users_ref ON public.users USING btree (tenant_id, external_ref) INCLUDE (email) WHERE (external_ref IS NOT NULL);
CREATE UNIQUE INDEX users_one_admin ON public.users USING btree (tenant_id) WHERE admin;
CREATE UNIQUE INDEX users_reset ON public.users USING btree (reset_token) WHERE ((status)::text = 'reset'::text);
CREATE INDEX users_status ON public.users USING btree (status);
CREATE TABLE public.posts (
    id uuid DEFAULT gen_random_uuid() NOT NULL PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES public.users(id),
    slug text COLLATE "C" NOT NULL UNIQUE,
    body text, tags text[], views integer DEFAULT 0 NOT NULL, created_at timestamp with time zone
);
CREATE TABLE public.likes (
    user_id bigint NOT NULL, post_id uuid NOT NULL, created_at timestamptz,
    CONSTRAINT likes_pkey PRIMARY KEY (user_id, post_id)
);
CREATE TABLE public.measurements (device integer NOT NULL, at timestamptz NOT NULL, value double precision) PARTITION BY RANGE (at);
CREATE TABLE public.measurements_2026 PARTITION OF public.measurements FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TABLE public.measurements_old (device integer NOT NULL, at timestamptz NOT NULL, value double precision);
ALTER TABLE ONLY public.measurements ATTACH PARTITION public.measurements_old FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
ALTER TABLE ONLY public.measurements ADD CONSTRAINT measurements_pkey PRIMARY KEY (device, at);
CREATE TABLE app."Settings" ("Key" text NOT NULL, "Value" text, CONSTRAINT "PK_Settings" PRIMARY KEY ("Key"));
CREATE TABLE public.bookings (room integer, during tsrange, EXCLUDE USING gist (room WITH =, during WITH &&));
CREATE TABLE public.audit (at timestamptz, what text);
CREATE TABLE app.twin (id integer PRIMARY KEY, name text);
CREATE TABLE other.twin (id integer, name text PRIMARY KEY);
CREATE VIEW public.live_users AS SELECT users.id, users.email, users.username AS login FROM public.users WHERE (users.deleted_at IS NULL);
CREATE VIEW public.posts_with_author AS SELECT p.id, p.slug, u.username FROM (public.posts p JOIN public.users u ON ((u.id = p.user_id)));
CREATE VIEW public.live_admins AS SELECT live_users.id, live_users.email FROM public.live_users;
CREATE VIEW public.user_count AS SELECT count(*) AS n FROM public.users;
CREATE MATERIALIZED VIEW public.top_posts AS SELECT posts.id, posts.views FROM public.posts ORDER BY posts.views DESC LIMIT 100;
CREATE UNIQUE INDEX top_posts_id ON public.top_posts USING btree (id);
\unrestrict abcdef
