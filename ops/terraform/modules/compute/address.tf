# The machine's own address, for SSH and for what it fetches. It stays when the machine is made anew.

data "oci_core_vnic_attachments" "prickle" {
  compartment_id = var.compartment_id
  instance_id    = oci_core_instance.prickle.id
}

data "oci_core_private_ips" "prickle" {
  vnic_id = data.oci_core_vnic_attachments.prickle.vnic_attachments[0].vnic_id
}

resource "oci_core_public_ip" "prickle" {
  compartment_id = var.compartment_id
  display_name   = "prickle"
  lifetime       = "RESERVED"
  private_ip_id  = data.oci_core_private_ips.prickle.private_ips[0].id
}
