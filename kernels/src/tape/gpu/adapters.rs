//! The graphics processors of this machine, and the choice of one.

use std::fmt;
use std::sync::{Mutex, OnceLock, PoisonError};

use cubecl::device::{WgpuBackend, WgpuDevice, WgpuDeviceKind};
use cubecl::wgpu::wgpu::{self, Backend, DeviceType};

/// What kind of processor an adapter is; real ones come before software in the order of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AdapterKind {
    /// A card with memory of its own.
    Discrete,
    /// A part of the central processor, or beside it, that shares its memory.
    Integrated,
    /// A share of a card, given to a virtual machine.
    Virtual,
    /// The driver does not say.
    Other,
    /// A rasteriser that runs on the central processor, such as Mesa's lavapipe.
    Software,
}

/// A device that a driver offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adapter {
    /// Place in the list: what [`DeviceChoice::Index`] names.
    pub index: usize,
    /// The adapter's name.
    pub name: String,
    /// What it is.
    pub kind: AdapterKind,
    /// Interface it is reached through: Vulkan, Metal, Dx12 or Cuda.
    pub backend: String,
    /// Name and version of the driver, or nothing where it does not say.
    pub driver: String,
    /// Whether units of a plane can exchange numbers.
    pub(super) has_planes: bool,
    /// How cubecl names it.
    pub(super) selector: cubecl::Device,
}

impl fmt::Display for Adapter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Adapter { index, name, kind, backend, driver, .. } = self;
        let kind = format!("{kind:?}").to_lowercase();
        let details = [kind.as_str(), backend, driver];
        let details: Vec<&str> = details.into_iter().filter(|text| !text.is_empty()).collect();
        write!(f, "{index}: {name} ({})", details.join(", "))
    }
}

/// Which device to run on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceChoice {
    /// The best graphics processor: discrete before integrated, virtual and other ones; never software.
    Auto,
    /// The adapter of this index in the list, whatever its kind.
    Index(usize),
    /// The software rasteriser: for tests.
    Software,
}

impl fmt::Display for DeviceChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DeviceChoice::Auto => f.write_str("a graphics processor"),
            DeviceChoice::Index(index) => write!(f, "index {index}"),
            DeviceChoice::Software => f.write_str("a software rasteriser"),
        }
    }
}

/// Held while drivers are loaded: loaders crash when several threads do so at once.
static DRIVERS: Mutex<()> = Mutex::new(());

/// Turns off Mesa's choice of a device by the desktop, which complains on standard error where there is no desktop.
const NO_DESKTOP: &str = "NODEVICE_SELECT";

/// Runs work that loads drivers, alone.
pub(super) fn alone<T>(work: impl FnOnce() -> T) -> T {
    let _drivers = DRIVERS.lock().unwrap_or_else(PoisonError::into_inner);
    if std::env::var_os(NO_DESKTOP).is_none() {
        // SAFETY: Rust locks its environment; what reads it without that lock are drivers, which are loaded under ours.
        unsafe { std::env::set_var(NO_DESKTOP, "1") };
    }
    work()
}

/// The adapters of this machine, best kind first; asked for once in a process. OpenGL is left out: where a card has
/// nothing better, its compute shaders are not to be trusted.
pub(super) fn adapters() -> &'static [Adapter] {
    static FOUND: OnceLock<Vec<Adapter>> = OnceLock::new();
    FOUND.get_or_init(|| alone(|| std::panic::catch_unwind(ask).unwrap_or_default()))
}

/// The adapter of a choice.
pub(super) fn chosen(choice: DeviceChoice) -> Option<&'static Adapter> {
    let adapters = adapters();
    match choice {
        DeviceChoice::Auto => adapters.iter().find(|adapter| adapter.kind != AdapterKind::Software),
        DeviceChoice::Index(index) => adapters.get(index),
        DeviceChoice::Software => adapters.iter().find(|adapter| adapter.kind == AdapterKind::Software),
    }
}

fn ask() -> Vec<Adapter> {
    let backends = [
        (Backend::Vulkan, WgpuBackend::Vulkan),
        (Backend::Metal, WgpuBackend::Metal),
        (Backend::Dx12, WgpuBackend::Dx12),
    ];
    let mut found = Vec::new();
    for (backend, named) in backends {
        let descriptor = wgpu::InstanceDescriptor {
            backends: backend.into(),
            ..wgpu::InstanceDescriptor::new_without_display_handle()
        };
        let instance = wgpu::Instance::new(descriptor);
        let adapters = cubecl::future::block_on(instance.enumerate_adapters(backend.into()));
        let of_backend = found.len();
        for adapter in &adapters {
            let info = adapter.get_info();
            let kind = match info.device_type {
                DeviceType::DiscreteGpu => AdapterKind::Discrete,
                DeviceType::IntegratedGpu => AdapterKind::Integrated,
                DeviceType::VirtualGpu => AdapterKind::Virtual,
                DeviceType::Other => AdapterKind::Other,
                DeviceType::Cpu => AdapterKind::Software,
            };
            // cubecl counts the adapters of a kind and backend from zero.
            let same = |other: &&Adapter| other.kind == kind;
            let nth = found[of_backend..].iter().filter(same).count();
            let selector = match kind {
                AdapterKind::Discrete => WgpuDeviceKind::DiscreteGpu(nth),
                AdapterKind::Integrated => WgpuDeviceKind::IntegratedGpu(nth),
                AdapterKind::Virtual => WgpuDeviceKind::VirtualGpu(nth),
                AdapterKind::Other => WgpuDeviceKind::Other(nth),
                AdapterKind::Software if nth > 0 => continue,
                AdapterKind::Software => WgpuDeviceKind::Cpu,
            };
            found.push(Adapter {
                index: 0,
                name: info.name,
                kind,
                backend: format!("{backend:?}"),
                driver: format!("{} {}", info.driver, info.driver_info).trim().to_string(),
                has_planes: adapter.features().contains(wgpu::Features::SUBGROUP),
                selector: cubecl::Device::Wgpu(WgpuDevice::new(selector).on(named)),
            });
        }
    }
    #[cfg(feature = "cuda")]
    found.extend(cuda());
    found.sort_by_key(|adapter| adapter.kind);
    (0..).zip(&mut found).for_each(|(index, adapter)| adapter.index = index);
    found
}

/// The devices of CUDA. They follow those of their kind that Vulkan lists, on which the kernels are tested.
#[cfg(feature = "cuda")]
fn cuda() -> Vec<Adapter> {
    use cubecl::device::Device as _;
    let of_runtime = cubecl::Device::Cuda(Default::default()).to_id();
    let devices = cubecl::Device::enumerate(of_runtime).into_iter().map(cubecl::Device::from_id);
    let adapter = |selector: cubecl::Device| {
        let client = selector.client();
        let properties = client.properties();
        Adapter {
            index: 0,
            name: properties.identity.name.clone(),
            kind: AdapterKind::Discrete,
            backend: "Cuda".into(),
            driver: properties.identity.fingerprint.clone(),
            has_planes: properties.features.plane.contains(cubecl::features::Plane::Ops),
            selector,
        }
    };
    devices.map(adapter).collect()
}
