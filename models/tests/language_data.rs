//! Data files: types of columns, and errors with the line and the cure.

use std::path::Path;

use chainfire_models::data::{DataError, Dataset, Entry};
use chainfire_models::language::ModelFile;
use chainfire_models::{Kind, Model, Value};

fn csv(text: &str) -> Result<Dataset, DataError> {
    Dataset::from_csv(Path::new("dir/a.csv"), text)
}

fn json(text: &str) -> Result<Dataset, DataError> {
    Dataset::from_json(Path::new("dir/a.json"), text)
}

fn numbers(data: &Dataset, name: &str) -> (Value, Option<usize>) {
    match data.get(name) {
        Some(Entry::Numbers { value, missing }) => (value.clone(), missing.map(|location| location.row)),
        other => panic!("{name} is {other:?}"),
    }
}

fn column(data: &Dataset, name: &str) -> (Kind, Vec<f64>) {
    let (value, _) = numbers(data, name);
    (value.kind(), value.as_data().unwrap().to_vec())
}

#[test]
fn columns_of_a_csv_file_have_the_type_of_their_cells() {
    let data = csv(
        "id, x ,truth,label,big,sign\n1,1.5,True,a,1,+1\n-2,2,false,b,12345678901234567890,-2\n3,-1e3,TRUE,\"c, d\",2,0\n",
    )
    .unwrap();
    assert_eq!(data.names().collect::<Vec<_>>(), ["id", "x", "truth", "label", "big", "sign"]);
    assert_eq!(data.name(), "a.csv");
    assert_eq!(column(&data, "id"), (Kind::Int, vec![1.0, -2.0, 3.0]));
    assert_eq!(column(&data, "x"), (Kind::Float, vec![1.5, 2.0, -1000.0]));
    assert_eq!(column(&data, "truth"), (Kind::Bool, vec![1.0, 0.0, 1.0]));
    assert_eq!(column(&data, "big"), (Kind::Float, vec![1.0, 12345678901234567890.0, 2.0]));
    assert_eq!(column(&data, "sign"), (Kind::Int, vec![1.0, -2.0, 0.0]));
    match data.get("label") {
        Some(Entry::TextColumn { values, missing: None, .. }) => assert_eq!(**values, ["a", "b", "c, d"]),
        other => panic!("{other:?}"),
    }
}

#[test]
fn missing_cells_are_nan_with_their_place() {
    let data = csv("x,t,n\n1,a,NA\n,b,\n3,,NaN\n").unwrap();
    let (x, missing) = numbers(&data, "x");
    assert_eq!((x.kind(), missing), (Kind::Float, Some(1)));
    assert!(x.as_data().unwrap()[1].is_nan());
    assert_eq!(numbers(&data, "n").1, Some(0));
    let Some(Entry::TextColumn { missing: Some(place), reason, .. }) = data.get("t") else { panic!() };
    assert_eq!((place.row, place.line), (2, Some(4)));
    assert_eq!((reason.0.line, reason.1.as_str()), (Some(2), "a"));
}

#[test]
fn a_number_column_with_one_text_is_text_and_says_where() {
    let data = csv("x\n1\n2\nthree\n").unwrap();
    let Some(Entry::TextColumn { reason: (place, text), .. }) = data.get("x") else { panic!() };
    assert_eq!((place.row, place.line, text.as_str()), (2, Some(4), "three"));
    assert_eq!(place.to_string(), "row 2, line 4 of the file");
}

#[test]
fn faulty_csv_files_are_told_with_line_and_cure() {
    let message = |text: &str| csv(text).unwrap_err().to_string();
    assert!(message("a,b\n1,2\n3\n").contains("a.csv, line 3: 1 cells where the header has 2"));
    assert!(message("a,b\n1,\"x\n2,3\n").contains("line 2: a double quote is opened and never closed"));
    assert!(message("a,b\n1,2\n3,4,5\n").contains("line 3: 3 cells"));
    assert!(message("a,b,a\n1,2,3\n").contains("columns 1 and 3 are both called `a`"));
    assert!(message("").contains("is empty"));
    assert!(message("a,b\n").contains("has no rows"));
    let quoted = csv("a,b\n1,\"two\nlines\"\n3\n").unwrap_err().to_string();
    assert!(quoted.contains("line 4"), "{quoted}");
}

#[test]
fn semicolons_and_tabs_part_columns_where_the_header_has_no_comma() {
    for text in ["a;b\n1.5;x,y\n2;z\n", "a\tb\n1.5\tx,y\n2\tz\n", "a,b\n1.5,\"x,y\"\n2,z\n"] {
        let data = csv(text).unwrap();
        assert_eq!(column(&data, "a"), (Kind::Float, vec![1.5, 2.0]), "{text}");
        let Some(Entry::TextColumn { values, .. }) = data.get("b") else { panic!("{text}") };
        assert_eq!(&**values, ["x,y", "z"], "{text}");
    }
    assert_eq!(column(&csv("\"a,b\";c\n1;2\n").unwrap(), "a,b"), (Kind::Int, vec![1.0]));
}

#[test]
fn files_are_read_by_their_extension_and_encoding() {
    let folder = std::env::temp_dir().join(format!("chainfire_language_data_{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let marked = Dataset::read(&write("bom.csv", b"\xef\xbb\xbfa,b\r\n1,2\r\n")).unwrap();
    assert_eq!(column(&marked, "a"), (Kind::Int, vec![1.0]));
    let latin = Dataset::read(&write("latin.csv", b"a\nb\ncaf\xe9\n")).unwrap_err().to_string();
    assert!(latin.contains("line 3: the text is not UTF-8"), "{latin}");
    let other = Dataset::read(&write("a.xlsx", b"")).unwrap_err().to_string();
    assert!(other.contains("must end in .csv, .tsv, .txt, .dat, .data, .json, .npz or .npy"), "{other}");
    let missing = Dataset::read(&folder.join("no.csv")).unwrap_err().to_string();
    assert!(missing.contains("cannot read the data file") && missing.contains("no.csv"), "{missing}");
    assert_eq!(
        column(&Dataset::read(&write("a.json", b"{\"x\": [1]}")).unwrap(), "x"),
        (Kind::Int, vec![1.0])
    );
    std::fs::remove_dir_all(folder).unwrap();
}

/// The numbers of an expression in a model file beside a data file.
fn value(file: &str, text: &str, code: &str) -> Result<Vec<f64>, String> {
    let path = Path::new(file);
    let data =
        if file.ends_with(".json") { Dataset::from_json(path, text) } else { Dataset::from_csv(path, text) };
    let source = format!(
        "import json\nimport numpy as np\nimport pandas as pd\nimport pymc as pm\nresult = {code}\nwith pm.Model():\n    \
         pm.Data('result', result)\n    pm.Normal('free')\n"
    );
    let file = ModelFile::parse(&source, "model.py").unwrap();
    let model = Model::from_file(file, data.unwrap()).map_err(|error| error.to_string())?;
    Ok(model.data("result").unwrap().as_data().unwrap().to_vec())
}

#[test]
fn tables_of_text_are_laid_out_as_the_model_says() {
    let plain = "# a b c and more\n1 0  2.5\n3\t4 5\n";
    assert_eq!(value("a.txt", plain, "np.loadtxt('a.txt')[1]"), Ok(vec![3.0, 4.0, 5.0]));
    assert_eq!(value("a.txt", plain, "np.loadtxt('a.txt', usecols=(2,))"), Ok(vec![2.5, 5.0]));
    assert_eq!(value("a.txt", plain, "np.loadtxt('a.txt', unpack=True)[2]"), Ok(vec![2.5, 5.0]));
    assert_eq!(
        value("a.dat", plain, "pd.read_csv('a.dat', sep=r'\\s+', header=None)[2]"),
        Ok(vec![2.5, 5.0])
    );
    let named = "pd.read_csv('a.dat', sep=' ', names=['a', 'b', 'c'])['c']";
    assert_eq!(value("a.dat", plain, named), Ok(vec![2.5, 5.0]));
    let noted = "made,by hand\n1,2\n3,4 # doubtful\n-9,6\n";
    let code = "np.genfromtxt('a.csv', delimiter=',', skip_header=1, comments='#')[:, 1]";
    assert_eq!(value("a.txt", noted, code), Ok(vec![2.0, 4.0, 6.0]));
    let code = "pd.read_csv('a.csv', skiprows=1, header=None, comment='#', na_values=-9)[0].fillna(0)";
    assert_eq!(value("a.txt", noted, code), Ok(vec![1.0, 3.0, 0.0]));
    let european = "x;y\n1,5;2\n2,5;3\n4;1\n";
    let code = "pd.read_csv('a.csv', sep=';', decimal=',', nrows=2)['x']";
    assert_eq!(value("a.csv", european, code), Ok(vec![1.5, 2.5]));
    assert_eq!(value("a.csv", "1,2,2\n3,4,5\n", "pd.read_csv('a', header=None)[2]"), Ok(vec![2.0, 5.0]));
    assert_eq!(value("a.csv", "1,2\n3,4\n", "np.loadtxt('a', delimiter=',')[0]"), Ok(vec![1.0, 2.0]));
    assert_eq!(value("a.csv", "1 2\n3  -4\n", "np.loadtxt('a')[:, 1]"), Ok(vec![2.0, -4.0]));
    assert_eq!(value("a.csv", "1\n3\n", "np.loadtxt('a')"), Ok(vec![1.0, 3.0]));
    // A script may name the separator of the file that this one was made from.
    for separator in [";", r"\s+", r"\t", "::"] {
        let code = format!("pd.read_csv('a', sep=r'{separator}')['y']");
        assert_eq!(value("a.csv", "x,y\n1,2\n3,4\n", &code), Ok(vec![2.0, 4.0]), "{separator}");
    }
    let code = "pd.read_csv('a', sep=' ', header=None).drop(0, axis=1).to_numpy()[:, 0]";
    assert_eq!(value("a.data", plain, code), Ok(vec![0.0, 4.0]));
    // Rows that are longer than the header begin with their label.
    let labelled = "x;y\n\"r1\";1;2\n\"r2\";3;4\n";
    assert_eq!(value("a.csv", labelled, "pd.read_csv('a', sep=';').y"), Ok(vec![2.0, 4.0]));
    let code = "[pd.read_csv('a', sep=';').loc['r2', 'x'], len(pd.read_csv('a', sep=';').columns)]";
    assert_eq!(value("a.csv", labelled, code), Ok(vec![3.0, 2.0]));
    let wrong = Dataset::from_csv(Path::new("a.csv"), "x,y\n1,2\n3,4,5\n").unwrap_err().to_string();
    assert!(wrong.contains("line 3: 3 cells where the header has 2"), "{wrong}");
    let code = "pd.read_csv('a', index_col=False).x";
    assert_eq!(value("a.csv", "x,y\n1,2\n3,4\n", code), Ok(vec![1.0, 3.0]));
    // Options may stand in a dictionary, and names be those of some columns.
    let code = "pd.read_csv('a', **{'sep': ';', 'names': ['t', 'u'], 'usecols': [0, 2]})['u']";
    assert_eq!(value("a.csv", "1;5;2\n3;6;4\n", code), Ok(vec![2.0, 4.0]));
    let wrong = value("a.csv", "x,y\n1,2\n", "pd.read_csv('a', usecols=['z'])").unwrap_err();
    assert!(wrong.contains("no such column (columns: \"x\", \"y\")"), "{wrong}");
    let wrong = value("a.csv", "x,y\n1,2\n", "pd.read_csv('a', names=['x'])").unwrap_err();
    assert!(wrong.contains("2 cells where the header has 1"), "{wrong}");
}

#[test]
fn members_of_a_json_file_are_scalars_texts_arrays_and_objects() {
    let data = json(
        "{\"n\": 3, \"rate\": 0.5, \"yes\": true, \"word\": \"a\", \"x\": [1, 2.5, null], \"m\": [[1, 2, 3], [4, 5, 6]],
          \"labels\": [\"p\", \"q\"], \"inner\": {\"u\": [1, 2], \"v\": {\"w\": 1}}, \"none\": [], \"gap\": null}",
    )
    .unwrap();
    assert_eq!(column(&data, "n"), (Kind::Int, vec![3.0]));
    assert_eq!(column(&data, "yes").0, Kind::Bool);
    assert_eq!(numbers(&data, "x").1, Some(2));
    assert_eq!((numbers(&data, "m").0.shape(), column(&data, "m").0), (&[2, 3][..], Kind::Int));
    assert_eq!(numbers(&data, "none").0.shape(), [0]);
    assert_eq!(numbers(&data, "gap").1, Some(0));
    assert!(matches!(data.get("word"), Some(Entry::Text(text)) if text == "a"));
    assert!(matches!(data.get("inner"), Some(Entry::Members(members)) if members.len() == 2));
    assert_eq!(data.names().last(), Some("gap"));
}

#[test]
fn lists_of_other_things_in_a_json_file_are_lists() {
    let items = |text: &str| match json(text).unwrap().get("x") {
        Some(Entry::Items(items)) => items.len(),
        other => panic!("{other:?}"),
    };
    assert_eq!(items("{\"x\": [[1, 2], [3]]}"), 2);
    assert_eq!(items("{\"x\": [\"a\", 1]}"), 2);
    assert_eq!(items("{\"x\": [{\"a\": 1}]}"), 1);
    let text = "{\"x\": [1, 2.5, null], \"y\": [4, 5], \"r\": [{\"a\": 1, \"b\": [7]}, {\"a\": 3, \"b\": []}], \"m\": [[1], [2, 3]]}";
    let of = |code: &str| value("d.json", text, &format!("(lambda d: {code})(json.load(open('d.json')))"));
    assert_eq!(of("d['y'] + d['y']"), Ok(vec![4.0, 5.0, 4.0, 5.0]));
    assert_eq!(of("d['y'] * 2"), Ok(vec![4.0, 5.0, 4.0, 5.0]));
    assert_eq!(of("np.array(d['y']) * 2"), Ok(vec![8.0, 10.0]));
    assert_eq!(of("[v for v in d['x'] if v is not None]"), Ok(vec![1.0, 2.5]));
    assert_eq!(of("[r['a'] + len(r['b']) for r in d['r']]"), Ok(vec![2.0, 3.0]));
    assert_eq!(of("[len(d), d['m'][1][0], len(d['m'][1])]"), Ok(vec![4.0, 2.0, 2.0]));
    assert!(of("d['y'] / 2").unwrap_err().contains("make the list an array"));
    assert!(of("d['y'].mean()").is_err());
    // Names of the data file itself are arrays.
    assert_eq!(value("d.json", text, "y / 2"), Ok(vec![2.0, 2.5]));
}

#[test]
fn options_of_readers_are_kept_or_refused() {
    let csv = |text: &str, code: &str| value("a.csv", text, code);
    let mixed = "g,x,z\na,1,2.5\nb,2,3.5\na,3,4.5\n";
    let code = "np.loadtxt('a.csv', delimiter=',', skiprows=1, usecols=(1, 2))[:, 0]";
    assert_eq!(csv(mixed, code), Ok(vec![1.0, 2.0, 3.0]));
    let code = "np.genfromtxt('a.csv', delimiter=',', skip_header=1, skip_footer=1, usecols=(1,))";
    assert_eq!(csv(mixed, code), Ok(vec![1.0, 2.0]));
    let code = "[g == 'a' for g in np.loadtxt('a.csv', str, '#', ',', None, 1, 0)]";
    assert_eq!(csv(mixed, code), Ok(vec![1.0, 0.0, 1.0]));
    assert_eq!(csv(mixed, "pd.read_csv('a', skipfooter=1).x"), Ok(vec![1.0, 2.0]));
    assert_eq!(csv(mixed, "pd.read_csv('a', skiprows=[1]).x"), Ok(vec![2.0, 3.0]));
    assert_eq!(csv(mixed, "pd.read_csv('a', skiprows=lambda i: i == 2).x"), Ok(vec![1.0, 3.0]));
    assert_eq!(
        csv(mixed, "pd.read_csv('a', converters={'x': lambda v: 2 * float(v)}).x"),
        Ok(vec![2.0, 4.0, 6.0])
    );
    assert_eq!(csv(mixed, "pd.read_csv('a', usecols=lambda c: c != 'g').to_numpy()[0]"), Ok(vec![1.0, 2.5]));
    assert_eq!(csv(mixed, "pd.read_csv('a', na_values={'x': [3.0]}).x.fillna(0)"), Ok(vec![1.0, 2.0, 0.0]));
    assert_eq!(
        csv(mixed, "pd.read_csv('a', true_values=['a'], false_values=['b']).g + 0"),
        Ok(vec![1.0, 0.0, 1.0])
    );
    let dates = "d,x\n03/02/2020,1\n04/05/2020,2\n";
    let code = "pd.read_csv('a', parse_dates=['d'], dayfirst=True).d.dt.month";
    assert_eq!(csv(dates, code), Ok(vec![2.0, 5.0]));
    let code = "pd.read_csv('a', keep_default_na=False, na_values=['']).c.eq('NA')";
    assert_eq!(csv("c,x\nNA,1\nb,2\n", code), Ok(vec![1.0, 0.0]));
    for wrong in ["chunksize=2", "escapechar='!'", "quoting=3", "unknown=1"] {
        let told = csv(mixed, &format!("pd.read_csv('a', {wrong}).x")).unwrap_err();
        assert!(told.contains("has no option"), "{wrong}: {told}");
    }
}

#[test]
fn faulty_json_files_are_told_with_the_place() {
    let message = |text: &str| json(text).unwrap_err().to_string();
    assert!(message("{\"x\": [1, 2").contains("line 1 column"));
    assert!(message("{\"x\": [1, NaN]}").contains("write null"));
    assert!(message("[1, 2]").contains("must hold an object"));
    let deep = format!("{{\"x\": {}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(message(&deep).contains("recursion limit"));
}
