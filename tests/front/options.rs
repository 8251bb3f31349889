//! Options that cannot be used are refused before anything runs.

use super::program::Folder;

fn refused(options: &str, parts: &[&str]) {
    let outcome = Folder::with_model().run(&format!("sample model.py --data data.csv {options}"));
    outcome.complains(parts);
    assert_eq!(outcome.stdout, "");
}

#[test]
fn counts_of_zero_are_refused() {
    refused("--chains 0", &["`chains` is 0", "from 1 to"]);
    refused("--draws 0", &["`draws` is 0", "from 1 to"]);
    refused("--threads 0", &["`threads` is 0", "1 or more"]);
    refused("--max-treedepth 0", &["`max_treedepth` is 0", "from 1 to 20"]);
}

#[test]
fn numbers_below_zero_are_refused_as_numbers() {
    for option in ["--chains", "--draws", "--tune", "--threads", "--max-treedepth", "--seed"] {
        refused(&format!("{option} -3"), &["'-3'", option, "whole number"]);
    }
    refused("--target-accept -0.5", &["`target_accept` is -0.5", "between 0 and 1"]);
}

#[test]
fn counts_that_are_not_whole_are_refused() {
    refused("--draws 1e3", &["'1e3'", "--draws", "whole number"]);
    refused("--chains four", &["'four'", "--chains", "whole number"]);
}

#[test]
fn acceptance_rates_outside_zero_to_one_are_refused() {
    refused("--target-accept 1.5", &["`target_accept` is 1.5", "between 0 and 1", "try 0.8"]);
    refused("--target-accept nan", &["`target_accept` is NaN", "between 0 and 1"]);
}

#[test]
fn draws_that_do_not_fit_into_memory_are_refused_with_the_memory_they_need() {
    refused("--draws 2000000000", &["4 chains of 2000000000 draws", "GiB of memory", "ask for fewer"]);
    refused("--chains 2000000000", &["2000000000 chains of 1000 draws", "GiB of memory", "ask for fewer"]);
}

#[test]
fn devices_that_are_not_there_are_refused() {
    refused("--device gpu:99", &["index 99", "found: "]);
    refused("--device tpu", &["`tpu` is not a device", "gpu:N"]);
    let folder = Folder::with_model();
    for device in ["cpu", "auto"] {
        folder
            .run(&format!("sample model.py --data data.csv --device {device} --tune 50 --draws 50"))
            .printed();
    }
}

#[test]
fn misspelt_options_and_commands_are_offered_the_nearest() {
    for (misspelt, nearest) in [
        ("--drawz", "--draws"),
        ("--chain", "--chains"),
        ("--tunes", "--tune"),
        ("--target-acept", "--target-accept"),
        ("--max-tree-depth", "--max-treedepth"),
        ("--metrik", "--metric"),
        ("--addaptation", "--adaptation"),
        ("--inti", "--init"),
        ("--samplr", "--sampler"),
        ("--keep-warm-up", "--keep-warmup"),
        ("--thred", "--threads"),
        ("--sead", "--seed"),
        ("--devise", "--device"),
        ("--var-name", "--var-names"),
        ("--resum", "--resume"),
        ("--float-32", "--float32"),
        ("--outptu", "--output"),
        ("--jsn", "--json"),
    ] {
        refused(&format!("{misspelt} 10"), &[&format!("'{misspelt}'"), &format!("'{nearest}'")]);
    }
    Folder::with_model().run("smaple model.py").complains(&["'smaple'", "'sample'"]);
}

#[test]
fn misspelt_values_are_offered_the_nearest_of_those_there_are() {
    for (option, misspelt, nearest, others) in [
        ("--sampler", "nutz", "nuts", &["chees"][..]),
        ("--metric", "fishr", "fisher", &["unit", "variance", "dense", "low_rank"]),
        ("--adaptation", "poled", "pooled", &["auto", "per_chain"]),
        ("--init", "priors", "prior", &["adapt_diag", "jitter+adapt_diag", "map", "pathfinder"]),
        ("--device", "gpuu", "gpu", &["auto", "cpu", "gpu:N"]),
        ("--keep", "moment", "moments", &["last:N"]),
    ] {
        let outcome =
            Folder::with_model().run(&format!("sample model.py --data data.csv {option} {misspelt}"));
        let known: Vec<&str> =
            [misspelt, option, nearest].into_iter().chain(others.iter().copied()).collect();
        outcome.complains(&known);
        let tips = [format!("similar value exists: '{nearest}'"), format!("did you mean `{nearest}`?")];
        assert!(tips.iter().any(|tip| outcome.stderr.contains(tip)), "{}", outcome.stderr);
    }
    refused("-o out.nc --var-names mu,sigm", &["`sigm`", "mu, sigma", "did you mean `sigma`?"]);
}

#[test]
fn options_that_do_not_go_together_are_refused() {
    refused("--sampler chees", &["`chains` is 4", "8 or more", "`nuts` takes fewer"]);
    refused("--sampler chees --chains 32 --metric dense", &["`metric` is `dense`", "`fisher`"]);
    refused(
        "--sampler chees --chains 32 --adaptation per_chain",
        &["`adaptation` is `per_chain`", "`pooled`"],
    );
    refused("--sampler chees --chains 32 --device gpu", &["`device` is gpu", "`cpu`"]);
    refused("--keep last:0", &["'last:0'", "N from 1"]);
    refused("-o out.nc --thin 0", &["`thin` is 0", "1 or more"]);
    refused("-o out.nc --keep moments --thin 2", &["--keep", "--thin", "cannot be used with"]);
    refused("--thin 2", &["--output"]);
}

#[test]
fn a_model_file_must_be_given() {
    Folder::with_model().run("sample").complains(&["<MODEL>", "Usage: chainfire sample"]);
}
