-- Every process hears at once that a node was changed, taken away or brought back: what it may do is asked for with each instance that it sends, and answered from memory.
-- That it was seen is told nobody. Locks: a moment on dicom_nodes.
CREATE FUNCTION ng_node_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('negatoscope_nodes', OLD.id::text);
  RETURN NULL;
END $$;
CREATE TRIGGER dicom_nodes_changed AFTER UPDATE ON dicom_nodes FOR EACH ROW
  WHEN (to_jsonb(OLD) - 'last_seen_at' IS DISTINCT FROM to_jsonb(NEW) - 'last_seen_at') EXECUTE FUNCTION ng_node_changed();
CREATE TRIGGER dicom_nodes_gone AFTER DELETE ON dicom_nodes FOR EACH ROW EXECUTE FUNCTION ng_node_changed();
