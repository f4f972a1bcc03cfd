# TLS ends here. 10 Mbps, both directions together, is what is free.

resource "oci_load_balancer_load_balancer" "prickle" {
  compartment_id             = var.compartment_id
  display_name               = "prickle"
  shape                      = "flexible"
  subnet_ids                 = [var.subnet_id]
  network_security_group_ids = [var.security_group_id]

  shape_details {
    minimum_bandwidth_in_mbps = var.bandwidth_mbps
    maximum_bandwidth_in_mbps = var.bandwidth_mbps
  }
}

resource "oci_load_balancer_backend_set" "chat" {
  load_balancer_id = oci_load_balancer_load_balancer.prickle.id
  name             = "chat"
  policy           = "LEAST_CONNECTIONS"

  health_checker {
    protocol          = "HTTP"
    url_path          = "/health"
    port              = 80
    return_code       = 200
    interval_ms       = 10000
    timeout_in_millis = 3000
    retries           = 3
  }
}

resource "oci_load_balancer_backend" "machine" {
  load_balancer_id = oci_load_balancer_load_balancer.prickle.id
  backendset_name  = oci_load_balancer_backend_set.chat.name
  ip_address       = var.machine_ip
  port             = 80
}
