/** What is known by name of PostgreSQL's operators and functions. */

/** Operators that give NULL for NULL only. What looks into JSON or an array may find nothing. */
const STRICT = new Set('= <> < > <= >= + - * / % || && @> <@ ~ ~* !~ !~* ~~ ~~* !~~ !~~* & | # << >> ?'.split(' '));
export const isStrictOperator = (name: string): boolean => STRICT.has(name);

/** Of our own functions; describe.db.test.ts asks them. */
export const OWN_STRICT_FUNCTIONS = ['ng_normalize'];

/**
 * Functions that give NULL for NULL only, of moments that are finite. Not among them: `substring`, which finds nothing for a pattern, and what takes a
 * moment apart.
 */
const BUILT_IN =
  'abs array_remove array_to_string btrim ceil convert_from date_bin date_trunc decode encode floor hashtext hashtextextended jsonb_set left ' +
  'length lower lpad ltrim make_interval md5 octet_length pg_advisory_xact_lock pg_notify position regexp_replace repeat replace right round rtrim ' +
  'set_config sha256 split_part strpos substr timezone to_char to_json to_jsonb translate trunc upper';
export const STRICT_FUNCTIONS = new Set([...OWN_STRICT_FUNCTIONS, ...BUILT_IN.split(' ')]);

/** Functions that never give NULL, whatever they get. */
const ALWAYS =
  'clock_timestamp concat current_database gen_random_uuid json_build_array json_build_object jsonb_build_array jsonb_build_object now num_nonnulls ' +
  'num_nulls pg_backend_pid random statement_timestamp transaction_timestamp uuidv7';
export const GIVING = new Set(ALWAYS.split(' '));

/** Rows of these have no NULL, whatever stands in the call. */
export const ROWS = new Set(['generate_series', 'generate_subscripts', 'jsonb_object_keys', 'json_object_keys']);
export const COUNTS = new Set(['count', 'row_number', 'rank', 'dense_rank', 'ntile', 'percent_rank', 'cume_dist']);
/** Of some rows these are never NULL; of these the first also of rows that are all NULL. */
export const COLLECTING = new Set(['array_agg', 'jsonb_agg', 'json_agg', 'jsonb_object_agg', 'json_object_agg']);
export const SUMMING = new Set(['max', 'min', 'sum', 'avg', 'string_agg', 'bool_and', 'bool_or', 'every', 'bit_or', 'bit_and']);
