# The world reaches the load balancer, the load balancer reaches the machine, and SSH comes from one range only. Were port 80
# of the machine open to the world, anybody could pass by the load balancer and name any client address.

resource "oci_core_network_security_group" "load_balancer" {
  compartment_id = var.compartment_id
  vcn_id         = oci_core_vcn.prickle.id
  display_name   = "prickle-load-balancer"
}

resource "oci_core_network_security_group" "compute" {
  compartment_id = var.compartment_id
  vcn_id         = oci_core_vcn.prickle.id
  display_name   = "prickle-compute"
}

resource "oci_core_network_security_group_security_rule" "world_to_load_balancer" {
  for_each = { http = 80, https = 443 }

  network_security_group_id = oci_core_network_security_group.load_balancer.id
  description               = "${each.key} from everywhere"
  direction                 = "INGRESS"
  protocol                  = local.tcp
  source                    = "0.0.0.0/0"
  source_type               = "CIDR_BLOCK"

  tcp_options {
    destination_port_range {
      min = each.value
      max = each.value
    }
  }
}

resource "oci_core_network_security_group_security_rule" "load_balancer_to_compute" {
  network_security_group_id = oci_core_network_security_group.load_balancer.id
  description               = "http to the machine"
  direction                 = "EGRESS"
  protocol                  = local.tcp
  destination               = oci_core_network_security_group.compute.id
  destination_type          = "NETWORK_SECURITY_GROUP"

  tcp_options {
    destination_port_range {
      min = 80
      max = 80
    }
  }
}

resource "oci_core_network_security_group_security_rule" "compute_from_load_balancer" {
  network_security_group_id = oci_core_network_security_group.compute.id
  description               = "http from the load balancer only"
  direction                 = "INGRESS"
  protocol                  = local.tcp
  source                    = oci_core_network_security_group.load_balancer.id
  source_type               = "NETWORK_SECURITY_GROUP"

  tcp_options {
    destination_port_range {
      min = 80
      max = 80
    }
  }
}

resource "oci_core_network_security_group_security_rule" "compute_ssh" {
  network_security_group_id = oci_core_network_security_group.compute.id
  description               = "ssh from where its owner is"
  direction                 = "INGRESS"
  protocol                  = local.tcp
  source                    = var.ssh_cidr
  source_type               = "CIDR_BLOCK"

  tcp_options {
    destination_port_range {
      min = 22
      max = 22
    }
  }
}

# Packages, images, the certificate authority and Oracle's own services have no fixed addresses.
resource "oci_core_network_security_group_security_rule" "compute_to_world" {
  network_security_group_id = oci_core_network_security_group.compute.id
  description               = "everything out"
  direction                 = "EGRESS"
  protocol                  = "all"
  destination               = "0.0.0.0/0"
  destination_type          = "CIDR_BLOCK"
}

locals {
  tcp = "6"
}
