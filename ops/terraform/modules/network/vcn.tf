# One public subnet: the load balancer and the machine both need an address of their own on the internet.

resource "oci_core_vcn" "prickle" {
  compartment_id = var.compartment_id
  display_name   = "prickle"
  cidr_blocks    = [var.vcn_cidr]
  dns_label      = "prickle"
}

resource "oci_core_internet_gateway" "prickle" {
  compartment_id = var.compartment_id
  vcn_id         = oci_core_vcn.prickle.id
  display_name   = "prickle"
}

resource "oci_core_route_table" "public" {
  compartment_id = var.compartment_id
  vcn_id         = oci_core_vcn.prickle.id
  display_name   = "prickle-public"

  route_rules {
    destination       = "0.0.0.0/0"
    destination_type  = "CIDR_BLOCK"
    network_entity_id = oci_core_internet_gateway.prickle.id
  }
}

# Oracle's default list lets SSH in from everywhere. Here it lets nothing in or out: the groups below say what may pass.
resource "oci_core_default_security_list" "closed" {
  manage_default_resource_id = oci_core_vcn.prickle.default_security_list_id
  display_name               = "prickle-closed"
}

resource "oci_core_subnet" "public" {
  compartment_id    = var.compartment_id
  vcn_id            = oci_core_vcn.prickle.id
  display_name      = "prickle-public"
  cidr_block        = var.subnet_cidr
  dns_label         = "public"
  route_table_id    = oci_core_route_table.public.id
  security_list_ids = [oci_core_default_security_list.closed.id]
}
