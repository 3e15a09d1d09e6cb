"""What the catalogue must say of the wall between tenants, as a list of breaches that is empty while it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import psycopg

APP_ROLE: Final = "imports_app"
WITHOUT_TENANT: Final = {"alembic_version"}
"""Tables without a ``tenant_id``, besides ``tenants``, whose id it is."""
NOT_TENANT_FIRST: Final = {"invoices_source_item_id_tenant_id_key"}
"""The item first: with the tenant first, a planner without statistics takes it for as good as the primary key."""
DOORS: Final = {
    "imports_all_tenants", "imports_audit", "imports_authenticate", "imports_dead_letters_open", "imports_erase_traces",
    "imports_expired_leases", "imports_find_tenant", "imports_next_tenant", "imports_queue_depths", "imports_rings_due",
    "imports_slices_held", "imports_tenants_with_dead_letters",
}  # fmt: skip
_OWN: Final = "= ( SELECT app_tenant() AS app_tenant)"

# Each statement gives one column, the name of what is wrong.
_BREACHES: Final = {
    "a table without a tenant is not on the list": """
        SELECT c.relname FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'm', 'f')
          AND c.relname <> ALL (%(without)s) AND c.relname <> 'tenants' AND NOT EXISTS (
              SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND a.attnotnull)""",
    "row security is not forced": """
        SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
          AND c.relname <> ALL (%(without)s) AND NOT (c.relrowsecurity AND c.relforcerowsecurity)""",
    "no policy of the app binds reading and writing": """
        SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
          AND c.relname <> ALL (%(without)s) AND NOT EXISTS (
              SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND p.polcmd = '*'
                AND (SELECT oid FROM pg_roles WHERE rolname = %(app)s) = ANY (p.polroles)
                AND pg_get_expr(p.polqual, c.oid) IN ('(tenant_id ' || %(own)s || ')', '(id ' || %(own)s || ')')
                AND pg_get_expr(p.polqual, c.oid) = pg_get_expr(p.polwithcheck, c.oid))""",
    "a second policy opens the table to the app": """
        SELECT c.relname FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
        WHERE p.polpermissive AND (0 = ANY (p.polroles)
            OR (SELECT oid FROM pg_roles WHERE rolname = %(app)s) = ANY (p.polroles))
        GROUP BY c.relname HAVING count(*) > 1""",
    "a policy of the doors writes without a tenant": """
        SELECT c.relname FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
        WHERE p.polcmd <> 'r' AND (coalesce(pg_get_expr(p.polwithcheck, c.oid), '') NOT IN
            ('(tenant_id ' || %(own)s || ')', '(id ' || %(own)s || ')'))""",
    "a unique index does not begin with the tenant": """
        SELECT i.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
        WHERE c.relnamespace = 'public'::regnamespace AND x.indisunique AND x.indkey[0] <> a.attnum
          AND i.relname <> ALL (%(not_first)s)""",
    "a unique index leaves the tenant out": """
        SELECT i.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
        WHERE c.relnamespace = 'public'::regnamespace AND x.indisunique AND NOT a.attnum = ANY (x.indkey)""",
    "a foreign key leaves the tenant out": """
        SELECT k.conname FROM pg_constraint k
        LEFT JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attname = 'tenant_id'
        LEFT JOIN pg_attribute f ON f.attrelid = k.confrelid
            AND f.attname = CASE WHEN k.confrelid = 'tenants'::regclass THEN 'id' ELSE 'tenant_id' END
        WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace
          AND (a.attnum IS NULL OR f.attnum IS NULL
               OR array_position(k.conkey, a.attnum) IS DISTINCT FROM array_position(k.confkey, f.attnum))""",
    "a function runs with its owner's rights and is not on the list": """
        SELECT p.proname FROM pg_proc p
        WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef AND p.proname <> ALL (%(doors)s)""",
    "a door that was on the list is gone": """
        SELECT d.name FROM unnest(%(doors)s::text[]) AS d (name)
        WHERE NOT EXISTS (SELECT 1 FROM pg_proc p WHERE p.proname = d.name AND p.prosecdef)""",
    "a door looks for its tables where others may put theirs": """
        SELECT p.proname FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef
          AND NOT EXISTS (SELECT 1 FROM unnest(p.proconfig) AS c WHERE c LIKE 'search_path=pg_catalog, public%%')""",
    "everybody may call a door": """
        SELECT p.proname FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS x
        WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef AND x.grantee = 0""",
    "the owner of a door is strong": """
        SELECT p.proname FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner
        WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef AND (r.rolsuper OR r.rolbypassrls)""",
    "the app's role is strong, or a member of one that is": """
        SELECT r.rolname FROM pg_roles r
        WHERE (r.rolsuper OR r.rolbypassrls OR r.rolname IN ('imports_owner', 'imports_doors'))
          AND pg_has_role(%(app)s, r.oid, 'MEMBER')""",
    "the app's role owns something": """
        SELECT c.relname FROM pg_class c WHERE pg_get_userbyid(c.relowner) = %(app)s
        UNION ALL SELECT p.proname FROM pg_proc p WHERE pg_get_userbyid(p.proowner) = %(app)s""",
    "the app may truncate, reference or add triggers": """
        SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
          AND (has_table_privilege(%(app)s, c.oid, 'TRUNCATE') OR has_table_privilege(%(app)s, c.oid, 'REFERENCES')
               OR has_table_privilege(%(app)s, c.oid, 'TRIGGER'))""",
    "the app may make things in the schema": """
        SELECT n.nspname FROM pg_namespace n
        WHERE n.nspname = 'public' AND has_schema_privilege(%(app)s, n.oid, 'CREATE')""",
    "the trail can be written past its function": """
        SELECT c.relname FROM pg_class c WHERE c.relname = 'import_audit'
          AND (has_table_privilege(%(app)s, c.oid, 'INSERT') OR has_any_column_privilege(%(app)s, c.oid, 'UPDATE')
               OR has_table_privilege(%(app)s, c.oid, 'DELETE'))""",
    "a view shows what its owner sees": """
        SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'v'
          AND NOT coalesce(c.reloptions, '{}') && ARRAY['security_invoker=true', 'security_invoker=on']""",
}


def breaches(connection: psycopg.Connection[Any]) -> list[str]:
    """Everything that is wrong with the wall, judged from the catalogue."""
    given = {
        "app": APP_ROLE,
        "own": _OWN,
        "without": sorted(WITHOUT_TENANT),
        "not_first": sorted(NOT_TENANT_FIRST),
        "doors": sorted(DOORS),
    }
    return [
        f"{meaning}: {name}"
        for meaning, statement in _BREACHES.items()
        for (name,) in connection.execute(statement.encode(), given).fetchall()
    ]


def tenant_tables(connection: psycopg.Connection[Any]) -> list[str]:
    """Every table with a tenant, from the catalogue and not from a list."""
    statement = """
        SELECT c.relname FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY 1"""
    return [name for (name,) in connection.execute(statement).fetchall()]
