output "instance_id" {
  description = "The machine."
  value       = oci_core_instance.prickle.id
}

output "public_ip" {
  description = "Its address, for SSH."
  value       = oci_core_public_ip.prickle.ip_address
}
