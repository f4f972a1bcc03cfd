# Nightly backups, encrypted before they come here; each goes after a month.

data "oci_objectstorage_namespace" "tenancy" {
  compartment_id = var.tenancy_id
}

resource "oci_objectstorage_bucket" "backups" {
  compartment_id = var.compartment_id
  namespace      = data.oci_objectstorage_namespace.tenancy.namespace
  name           = var.bucket_name
  access_type    = "NoPublicAccess"
  storage_tier   = "Standard"
}

# The service deletes what is old by this permission.
resource "oci_identity_policy" "lifecycle" {
  compartment_id = var.compartment_id
  name           = "prickle-backup-lifecycle"
  description    = "Object storage may delete old backups."
  statements     = ["Allow service objectstorage-${var.region} to manage object-family in compartment id ${var.compartment_id}"]
}

resource "oci_objectstorage_object_lifecycle_policy" "retention" {
  namespace = data.oci_objectstorage_namespace.tenancy.namespace
  bucket    = oci_objectstorage_bucket.backups.name

  rules {
    name        = "old-backups"
    action      = "DELETE"
    is_enabled  = true
    target      = "objects"
    time_amount = tostring(var.retention_days)
    time_unit   = "DAYS"
  }

  depends_on = [oci_identity_policy.lifecycle]
}
