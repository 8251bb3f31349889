//! What the registry says about every distribution.

use chainfire_models::Model;
use chainfire_models::data::Dataset;
use chainfire_models::distributions::REGISTRY;
use chainfire_models::language::ModelFile;

#[test]
fn every_parameter_has_a_meaning() {
    for entry in REGISTRY {
        let mut described: Vec<&str> = entry.parameters.iter().map(|(name, _)| *name).collect();
        let mut named: Vec<&str> = entry.names().collect();
        described.sort_unstable();
        named.sort_unstable();
        assert_eq!(described, named, "{}", entry.name);
        let texts = entry.parameters.iter().map(|(_, meaning)| *meaning);
        for text in texts.chain([entry.summary, entry.support]) {
            let is_sentence = text.ends_with('.') && !text.ends_with("...");
            assert!(!text.is_empty() && !is_sentence, "{}: `{text}`", entry.name);
        }
    }
}

/// As a model file, with a finite log density where sampling would start.
#[test]
fn every_example_is_a_model() {
    for entry in REGISTRY {
        let free = if entry.example.contains("observed=") { "    pm.Normal(\"free\")\n" } else { "" };
        let source = format!(
            "import numpy as np\nimport pymc as pm\n\nwith pm.Model():\n    {}\n{free}",
            entry.example
        );
        assert!(entry.example.contains(&format!("pm.{}(", entry.name)), "{}", entry.name);
        let file = ModelFile::parse(&source, "example.py");
        let file = file.unwrap_or_else(|error| panic!("{}: {error}", entry.name));
        let model = Model::from_file(file, Dataset::empty());
        let model = model.unwrap_or_else(|error| panic!("{}: {error}", entry.name));
        let value = model.evaluate(model.initial_position());
        let value = value.unwrap_or_else(|error| panic!("{}: {error}", entry.name));
        assert!(value.log_density.is_finite(), "{}: {}", entry.name, value.log_density);
    }
}
