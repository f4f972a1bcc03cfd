output "namespace" {
  description = "Object storage's name for the tenancy."
  value       = data.oci_objectstorage_namespace.tenancy.namespace
}

output "bucket_name" {
  description = "The bucket."
  value       = oci_objectstorage_bucket.backups.name
}
