output "subnet_id" {
  description = "The public subnet."
  value       = oci_core_subnet.public.id
}

output "load_balancer_group_id" {
  description = "Security group of the load balancer."
  value       = oci_core_network_security_group.load_balancer.id
}

output "compute_group_id" {
  description = "Security group of the machine."
  value       = oci_core_network_security_group.compute.id
}
