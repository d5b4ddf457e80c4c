"""Functions that belong to an engine. What sqlglot types itself counts as built in too; these are the rest."""

from __future__ import annotations

from functools import cache

_ANY = "now version current_date current_time current_timestamp localtime localtimestamp user current_user session_user schema database row"
_POSTGRES = """
nextval setval currval lastval set_config current_setting txid_current txid_current_if_assigned txid_current_snapshot version
inet_server_addr inet_server_port inet_client_addr inet_client_port current_database current_schema current_schemas current_query
obj_description col_description shobj_description format_type to_regclass to_regtype to_regproc to_regnamespace to_regrole
has_table_privilege has_schema_privilege has_database_privilege has_column_privilege has_function_privilege has_sequence_privilege
has_any_column_privilege clock_timestamp statement_timestamp transaction_timestamp timeofday gen_random_uuid uuidv4 uuidv7 random
setseed unnest generate_series generate_subscripts json_each json_each_text jsonb_each jsonb_each_text json_array_elements
json_array_elements_text jsonb_array_elements jsonb_array_elements_text json_object_keys jsonb_object_keys json_populate_record
json_populate_recordset jsonb_populate_record jsonb_populate_recordset json_to_record json_to_recordset jsonb_to_record
jsonb_to_recordset jsonb_path_query json_build_object jsonb_build_object json_build_array jsonb_build_array to_json to_jsonb
row_to_json array_to_json jsonb_set jsonb_insert jsonb_strip_nulls json_strip_nulls jsonb_pretty jsonb_typeof json_typeof
json_array_length jsonb_array_length json_extract_path json_extract_path_text jsonb_extract_path jsonb_extract_path_text
json_agg jsonb_agg json_object_agg jsonb_object_agg array_agg string_agg array_to_string string_to_array string_to_table
array_length array_position array_positions array_append array_prepend array_cat array_remove array_replace array_dims array_ndims
array_upper array_lower cardinality regexp_split_to_table regexp_split_to_array regexp_matches regexp_match regexp_replace
to_tsvector to_tsquery plainto_tsquery phraseto_tsquery websearch_to_tsquery ts_rank ts_rank_cd ts_headline ts_debug ts_parse ts_stat
ts_lexize get_current_ts_config numnode querytree tsvector_to_array setweight to_char to_date to_number to_timestamp make_date
make_time make_timestamp make_timestamptz make_interval date_part date_trunc date_bin age isfinite justify_days justify_hours
justify_interval quote_ident quote_literal quote_nullable format md5 sha224 sha256 sha384 sha512 encode decode get_byte set_byte
get_bit set_bit convert convert_from convert_to length octet_length bit_length char_length ascii chr initcap btrim ltrim rtrim lpad
rpad split_part strpos starts_with reverse translate overlay substring to_hex width_bucket ceil floor trunc round abs sign sqrt cbrt
power exp ln log div mod gcd lcm factorial scale trim_scale bool_and bool_or every lo_create lo_creat lo_open lo_get lo_put lo_unlink
loread lowrite lo_close lo_lseek lo_tell lo_truncate host hostmask masklen netmask network set_masklen abbrev broadcast family text
point box circle polygon path lseg line area center isempty lower_inc upper_inc lower_inf upper_inf range_merge numrange int4range
int8range daterange tsrange tstzrange row_security_active xmlparse xmlserialize xpath xpath_exists query_to_xml table_to_xml
lower upper concat concat_ws coalesce greatest least nullif left right repeat replace position bigint
"""
_MYSQL = """
last_insert_id found_rows row_count connection_id database schema version user current_user system_user session_user current_role
benchmark sleep get_lock release_lock release_all_locks is_free_lock is_used_lock uuid uuid_short uuid_to_bin bin_to_uuid is_uuid
unix_timestamp from_unixtime utc_timestamp utc_date utc_time sysdate curdate curtime rand charset collation coercibility
master_pos_wait source_pos_wait wait_for_executed_gtid_set wait_until_sql_thread_after_gtids gtid_subset gtid_subtract
name_const values inet_aton inet_ntoa inet6_aton inet6_ntoa is_ipv4 is_ipv6 password old_password aes_encrypt aes_decrypt encode decode
md5 sha1 sha sha2 compress uncompress load_file elt field find_in_set export_set make_set interval ifnull nullif lastval nextval setval
statement_digest statement_digest_text format_bytes format_pico_time ps_current_thread_id ps_thread_id json_object json_array
json_contains json_contains_path json_extract json_keys json_length json_merge json_merge_patch json_merge_preserve json_quote
json_remove json_replace json_search json_set json_type json_unquote json_valid json_value json_table json_arrayagg json_objectagg
date_format str_to_date time_format timediff addtime subtime makedate maketime period_add period_diff sec_to_time time_to_sec
to_days from_days to_seconds last_day quarter yearweek weekday dayname monthname microsecond convert_tz timestamp conv hex unhex bin
oct ord quote soundex space substring_index insert instr lcase ucase mid crc32 truncate any_value grouping bit_count lock
"""
_OTHER = """
last_insert_rowid changes total_changes sqlite_version sqlite_source_id sqlite_compileoption_used typeof randomblob zeroblob julianday
unixepoch strftime date time datetime json_each json_tree json_extract json_array json_object load_extension
scope_identity ident_current ident_incr ident_seed error_message error_number error_line error_severity error_state error_procedure
newid newsequentialid getdate getutcdate sysdatetime sysutcdatetime sysdatetimeoffset db_name db_id object_id object_name schema_name
schema_id suser_sname suser_name user_name host_name app_name serverproperty databasepropertyex has_perms_by_name is_member
is_srvrolemember is_rolemember context_info session_context current_transaction_id xact_state openjson string_split openxml isnull
checksum binary_checksum rowcount_big col_length columnproperty objectproperty isjson json_value json_query datename
sys_context userenv sysdate systimestamp sys_guid uid ora_hash dbms_random nvl nvl2 decode to_char to_date to_number
sessiontimezone dbtimezone sys_extract_utc dump vsize
"""


@cache
def builtins_of(family: str) -> frozenset[str]:
    """The functions of a family of dialects, in small letters; those of the others are none."""
    own = {"postgres": _POSTGRES, "mysql": _MYSQL}.get(family, _OTHER + _POSTGRES + _MYSQL)
    return frozenset(_ANY.split()) | frozenset(own.split())


def is_builtin(name: str, family: str) -> bool:
    """Whether the engine itself has this function."""
    lower = name.lower()
    return lower.startswith(("pg_", "@@")) or lower in builtins_of(family)


# Names that look like columns and are functions without parentheses.
PSEUDO_COLUMNS = frozenset(
    """user current_user session_user system_user current_role current_date current_time current_timestamp localtime localtimestamp
    current_catalog current_schema sysdate systimestamp uid sessiontimezone dbtimezone utc_timestamp utc_date utc_time null default
    true false unknown nextval currval""".split()
)

# Functions that give several rows where one value is expected.
SET_RETURNING = frozenset(
    """unnest generate_series generate_subscripts json_array_elements json_array_elements_text jsonb_array_elements
    jsonb_array_elements_text json_each jsonb_each json_object_keys jsonb_object_keys json_populate_recordset jsonb_populate_recordset
    jsonb_to_recordset json_to_recordset regexp_split_to_table string_to_table regexp_matches""".split()
)

CATALOGS = frozenset(("pg_catalog", "information_schema", "performance_schema", "mysql", "sys", "pg_toast"))
ORACLE_CATALOG = ("all_", "dba_", "user_")
ORACLE_VIEWS = frozenset(
    """tables tab_columns tab_cols constraints cons_columns indexes ind_columns objects sequences views source users synonyms
    tablespaces segments errors arguments procedures triggers tab_comments col_comments types part_tables tab_privs""".split()
)
