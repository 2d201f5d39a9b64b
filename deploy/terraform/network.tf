# Workers have private addresses and fetch from the web through Cloud NAT, because Private Google Access reaches
# only Google's own services.
resource "google_compute_network" "workers" {
  name                    = local.name
  auto_create_subnetworks = false
  depends_on              = [google_project_service.needed]
}

resource "google_compute_subnetwork" "workers" {
  name                     = local.name
  network                  = google_compute_network.workers.id
  region                   = var.region
  ip_cidr_range            = "10.20.0.0/24"
  private_ip_google_access = true
}

resource "google_compute_router" "workers" {
  name    = local.name
  network = google_compute_network.workers.id
  region  = var.region
}

resource "google_compute_router_nat" "workers" {
  name                               = local.name
  router                             = google_compute_router.workers.name
  region                             = var.region
  nat_ip_allocate_option             = "AUTO_ONLY"
  source_subnetwork_ip_ranges_to_nat = "LIST_OF_SUBNETWORKS"

  subnetwork {
    name                    = google_compute_subnetwork.workers.id
    source_ip_ranges_to_nat = ["ALL_IP_RANGES"]
  }
}

# Workers of one job exchange data on these ports. No other machine may connect to them.
resource "google_compute_firewall" "workers" {
  name        = "${local.name}-workers"
  network     = google_compute_network.workers.id
  source_tags = ["dataflow"]
  target_tags = ["dataflow"]

  allow {
    protocol = "tcp"
    ports    = ["12345-12346"]
  }
}

# What workers may send, whatever runs on them: web requests to the public internet, and data to each other. The
# network has no other machines, so the rules have no targets. Google's own services and DNS are reached through
# addresses that no firewall rule concerns, or at port 443.
resource "google_compute_firewall" "to_workers" {
  name               = "${local.name}-to-workers"
  network            = google_compute_network.workers.id
  direction          = "EGRESS"
  priority           = 900
  destination_ranges = [google_compute_subnetwork.workers.ip_cidr_range]

  allow {
    protocol = "tcp"
    ports    = ["12345-12346"]
  }
}

resource "google_compute_firewall" "not_to_private_networks" {
  name               = "${local.name}-not-to-private-networks"
  network            = google_compute_network.workers.id
  direction          = "EGRESS"
  priority           = 1000
  destination_ranges = ["10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16"]

  deny {
    protocol = "all"
  }
}

resource "google_compute_firewall" "to_web" {
  name               = "${local.name}-to-web"
  network            = google_compute_network.workers.id
  direction          = "EGRESS"
  priority           = 1100
  destination_ranges = ["0.0.0.0/0"]

  allow {
    protocol = "tcp"
    ports    = ["80", "443"]
  }
}

resource "google_compute_firewall" "to_nothing_else" {
  name               = "${local.name}-to-nothing-else"
  network            = google_compute_network.workers.id
  direction          = "EGRESS"
  priority           = 65000
  destination_ranges = ["0.0.0.0/0"]

  deny {
    protocol = "all"
  }
}
