# The first boot, in text. Apart from the machine, so that it can be read and tested without one.

locals {
  text = templatefile("${path.module}/cloud-init.yaml.tftpl", {
    deployment        = indent(6, join("\n", [for name, value in var.deployment : "${name}=${value}"]))
    volume_script     = indent(6, file("${path.module}/prepare-volume.sh"))
    first_boot_script = indent(6, file("${path.module}/first-boot.sh"))
  })
}
