//! Eight schools (Rubin 1981), non-centred, with the builder: the model of `eight_schools.py`.

use chainfire::distributions::{HalfCauchy, Normal};
use chainfire::{Model, Settings, Site, summary, summary_table, write_netcdf};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let y = [28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0];
    let sigma = [15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0];
    let model = Model::new(move |m| {
        m.coordinate(
            "school",
            ["Choate", "Deerfield", "Andover", "Exeter", "Hotchkiss", "Lawrenceville", "St", "Mt"],
        )?;
        let mu = m.sample("mu", Normal::new(0.0, 5.0))?;
        let tau = m.sample("tau", HalfCauchy::new(5.0))?;
        let z = m.sample("z", Site::from(Normal::new(0.0, 1.0)).dims(["school"]))?;
        let theta = m.deterministic("theta", mu + tau * z, &["school"])?;
        m.observe("effect", Site::from(Normal::new(theta, sigma)).dims(["school"]), y)?;
        Ok(())
    })?;
    let posterior = model.sample(&Settings { seed: 1, ..Settings::default() })?;
    let rows = summary(posterior.data.require("posterior")?)?;
    write_netcdf(&posterior.data, "eight_schools.nc".as_ref())?;
    let mut out = std::io::stdout().lock();
    std::io::Write::write_all(&mut out, (summary_table(&rows) + "\n").as_bytes())?;
    Ok(())
}
