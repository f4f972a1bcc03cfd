# The whole deployment: an environment is this module with its sizes.

data "oci_identity_availability_domains" "all" {
  compartment_id = var.tenancy_id
}

module "network" {
  source         = "../network"
  compartment_id = var.compartment_id
  subnet_cidr    = local.subnet_cidr
  ssh_cidr       = var.ssh_cidr
}

module "load_balancer" {
  source                = "../load_balancer"
  compartment_id        = var.compartment_id
  subnet_id             = module.network.subnet_id
  security_group_id     = module.network.load_balancer_group_id
  machine_ip            = local.machine_ip
  bandwidth_mbps        = var.bandwidth_mbps
  bootstrap_certificate = var.bootstrap_certificate
  bootstrap_private_key = var.bootstrap_private_key
}

module "backup" {
  source         = "../backup"
  tenancy_id     = var.tenancy_id
  compartment_id = var.compartment_id
  region         = var.region
  bucket_name    = local.bucket_name
  retention_days = var.backup_retention_days
}

module "cloud_init" {
  source = "../cloud_init"

  deployment = {
    DOMAIN             = var.domain
    EMAIL              = var.email
    SIZE               = var.size
    REPOSITORY_URL     = var.repository_url
    REPOSITORY_REF     = var.repository_ref
    LOAD_BALANCER_ID   = module.load_balancer.id
    LOAD_BALANCER_CIDR = local.subnet_cidr
    BACKUP_NAMESPACE   = module.backup.namespace
    BACKUP_RECIPIENT   = var.backup_recipient
    BACKUP_BUCKET      = module.backup.bucket_name
  }
}

module "compute" {
  source              = "../compute"
  compartment_id      = var.compartment_id
  availability_domain = data.oci_identity_availability_domains.all.availability_domains[var.availability_domain_number - 1].name
  fault_domain        = var.fault_domain
  ocpus               = var.ocpus
  memory_gb           = var.memory_gb
  boot_volume_gb      = var.boot_volume_gb
  data_volume_gb      = var.data_volume_gb
  subnet_id           = module.network.subnet_id
  security_group_id   = module.network.compute_group_id
  private_ip          = local.machine_ip
  ssh_public_key      = var.ssh_public_key
  cloud_init          = module.cloud_init.text
}

module "identity" {
  source         = "../identity"
  tenancy_id     = var.tenancy_id
  compartment_id = var.compartment_id
  instance_id    = module.compute.instance_id
  bucket_name    = local.bucket_name
}

module "spending" {
  source           = "../spending"
  tenancy_id       = var.tenancy_id
  compartment_id   = var.compartment_id
  compartment_name = var.compartment_name
  email            = var.email
  may_cost_money   = var.may_cost_money
  free_tier        = local.free_tier
}

locals {
  subnet_cidr = "10.0.1.0/24"
  machine_ip  = cidrhost(local.subnet_cidr, 10)
  bucket_name = "prickle-backups"
}
