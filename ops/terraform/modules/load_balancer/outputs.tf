output "id" {
  description = "The load balancer."
  value       = oci_load_balancer_load_balancer.prickle.id
}

output "ip_address" {
  description = "The address for the domain's A record."
  value       = oci_load_balancer_load_balancer.prickle.ip_address_details[0].ip_address
}
