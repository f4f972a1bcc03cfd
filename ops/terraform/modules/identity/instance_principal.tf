# The machine may act for itself, without a key on it: hang a certificate into the load balancer, and add backups.

resource "oci_identity_dynamic_group" "machine" {
  compartment_id = var.tenancy_id
  name           = "prickle-machine"
  description    = "The machine that Prickle runs on."
  matching_rule  = "instance.id = '${var.instance_id}'"
}

# Backups can be added and read by the machine, never changed or deleted: who takes the machine does not take them.
resource "oci_identity_policy" "machine" {
  compartment_id = var.compartment_id
  name           = "prickle-machine"
  description    = "What Prickle's machine may do."

  statements = [
    "Allow dynamic-group ${oci_identity_dynamic_group.machine.name} to use load-balancers in compartment id ${var.compartment_id}",
    "Allow dynamic-group ${oci_identity_dynamic_group.machine.name} to read buckets in compartment id ${var.compartment_id}",
    "Allow dynamic-group ${oci_identity_dynamic_group.machine.name} to manage objects in compartment id ${var.compartment_id} where all {target.bucket.name='${var.bucket_name}', any {request.permission='OBJECT_CREATE', request.permission='OBJECT_INSPECT', request.permission='OBJECT_READ'}}",
  ]
}
