# One Arm machine with everything on it.

data "oci_core_images" "ubuntu" {
  compartment_id           = var.compartment_id
  operating_system         = "Canonical Ubuntu"
  operating_system_version = "24.04"
  shape                    = local.shape
  sort_by                  = "TIMECREATED"
  sort_order               = "DESC"
}

resource "oci_core_instance" "prickle" {
  compartment_id      = var.compartment_id
  availability_domain = var.availability_domain
  fault_domain        = var.fault_domain
  display_name        = "prickle"
  shape               = local.shape

  is_pv_encryption_in_transit_enabled = true

  shape_config {
    ocpus         = var.ocpus
    memory_in_gbs = var.memory_gb
  }

  source_details {
    source_type             = "image"
    source_id               = data.oci_core_images.ubuntu.images[0].id
    boot_volume_size_in_gbs = tostring(var.boot_volume_gb)
  }

  # The reserved address below takes the place of one that would change with every new machine.
  create_vnic_details {
    subnet_id        = var.subnet_id
    nsg_ids          = [var.security_group_id]
    private_ip       = var.private_ip
    assign_public_ip = "false"
    hostname_label   = "prickle"
  }

  instance_options {
    are_legacy_imds_endpoints_disabled = true
  }

  metadata = {
    ssh_authorized_keys = var.ssh_public_key
    user_data           = base64gzip(var.cloud_init)
  }

  # A newer image, or another first boot, must not replace a machine that people chat on: it is updated in place.
  lifecycle {
    ignore_changes = [source_details[0].source_id, metadata["user_data"]]
  }
}

locals {
  shape = "VM.Standard.A1.Flex"
}
