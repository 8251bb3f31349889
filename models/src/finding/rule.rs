//! The rules that a model is checked against: each with a code that never changes its meaning, what it expects, and the
//! cure that is told where a finding knows none that is more precise.

use super::Severity;

macro_rules! rules {
    ($($variant:ident $code:literal $name:literal $severity:ident $summary:literal
        expects $expected:literal, else $cure:literal;)*) => {
        /// A rule that a model is checked against.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Rule {
            $(#[doc = $summary] $variant,)*
        }

        impl Rule {
            /// Every rule, in the order of the codes.
            pub const ALL: &[Rule] = &[$(Rule::$variant,)*];

            /// Code, such as `M103`.
            pub fn code(self) -> &'static str {
                match self { $(Rule::$variant => $code,)* }
            }

            /// Name, such as `renamed-argument`.
            pub fn name(self) -> &'static str {
                match self { $(Rule::$variant => $name,)* }
            }

            /// What breaking the rule means, where a finding does not say otherwise.
            pub fn severity(self) -> Severity {
                match self { $(Rule::$variant => Severity::$severity,)* }
            }

            /// What should be there, where a finding does not say it more precisely.
            pub fn expected(self) -> &'static str {
                match self { $(Rule::$variant => $expected,)* }
            }

            /// What to write or do, where a finding does not say it more precisely.
            pub fn cure(self) -> &'static str {
                match self { $(Rule::$variant => $cure,)* }
            }

            /// The rule in a sentence.
            pub fn summary(self) -> &'static str {
                match self { $(Rule::$variant => $summary,)* }
            }
        }
    };
}

rules! {
    Unreadable "M001" "unreadable" Error "A file cannot be read, or is not what its name says."
        expects "a file that can be read",
        else "check the path, the permissions and the format";
    NoModel "M002" "no-model" Error "The file has no model."
        expects "a `with pm.Model() as model:` block",
        else "write `with pm.Model() as model:` and its variables below";
    TooLarge "M003" "too-large" Error "The model file exceeds a limit of size, depth or work."
        expects "a file within the limits of size, depth and work",
        else "write loops as operations on whole columns, and prepare large arrays in the data file";
    SeveralModels "M004" "several-models" Warning "The file makes several models."
        expects "one model, or `--model` with the name of one",
        else "choose one with `--model NAME`";
    Unsupported "M100" "unsupported" Error "An expression that model files cannot hold."
        expects "an expression that model files can hold",
        else "write it in another way, or prepare what it gives in the data file";
    UnknownFunction "M101" "unknown-function" Error "A distribution or function that does not exist."
        expects "a distribution or function of PyMC",
        else "take a name that `chainfire distributions` lists";
    UnknownArgument "M102" "unknown-argument" Error "An argument that the function does not have."
        expects "an argument of the function",
        else "leave it out, or give it the right name";
    RenamedArgument "M103" "renamed-argument" Error "An argument under the name it has in other packages, or had in PyMC3."
        expects "the argument's present name",
        else "write the present name";
    MissingArgument "M104" "missing-argument" Error "An argument is missing."
        expects "every argument that has no default",
        else "give the missing argument";
    ConflictingArguments "M105" "conflicting-arguments" Error "Arguments that exclude each other."
        expects "one way to say it",
        else "leave out one of the arguments";
    TooManyArguments "M106" "too-many-arguments" Error "More positional arguments than parameters."
        expects "no more arguments than parameters",
        else "leave out the last arguments, or give them by name";
    OldName "M107" "old-name" Error "A name of PyMC3, Theano or Aesara."
        expects "the present name",
        else "write the present name";
    UnknownOption "M108" "unknown-option" Error "An option that a function of PyMC does not have."
        expects "an option of the function",
        else "leave it out, or give it the right name";
    UnknownMethod "M109" "unknown-method" Error "A value that an option does not take."
        expects "a valid value",
        else "take one of the valid values";
    Syntax "M110" "syntax" Error "The file is not Python."
        expects "Python",
        else "correct the line";
    OutsideModel "M111" "outside-model" Error "A variable is declared outside of a model."
        expects "a declaration inside of the model's block",
        else "move it into the `with pm.Model() as model:` block";
    NameNeeded "M112" "name-needed" Error "A variable has no name, or one that is not a text."
        expects "a text in quotes as the first argument",
        else "give the name first, as in pm.Normal(\"mu\", 0, 1)";
    DuplicateName "M113" "duplicate-name" Error "Two variables have one name."
        expects "a name of its own for each variable",
        else "rename one of the two";
    NameIsDim "M114" "name-is-dim" Error "A variable has the name of a dimension."
        expects "different names for variables and dimensions",
        else "rename the variable";
    UndefinedName "M115" "undefined-name" Error "A name that neither the file nor the data define."
        expects "a name that the file or the data define",
        else "define it above, or correct its spelling";
    UsedBeforeDefined "M116" "used-before-defined" Error "A name is used before the line that defines it."
        expects "a definition above its use",
        else "move that line up";
    IllegalName "M117" "illegal-name" Error "A name that results cannot hold."
        expects "a name that results can hold",
        else "rename it";
    UnknownDim "M118" "unknown-dim" Error "A dimension that no coordinate defines."
        expects "a dimension of the model's coords",
        else "add it to `pm.Model(coords=...)`";
    DimLength "M119" "dim-length" Error "A dimension's labels and an axis differ in number."
        expects "as many elements along an axis as its dimension has labels",
        else "correct the labels of the dimension, or the data";
    DuplicateLabels "M120" "duplicate-labels" Warning "A dimension has a label twice."
        expects "each label once",
        else "make the labels unique";
    ShapeMismatch "M121" "shape-mismatch" Error "Shapes that do not fit together."
        expects "axes that are equal or 1, counted from the last",
        else "index the shorter one, or give it the other's shape";
    MatrixProduct "M122" "matrix-product" Error "A matrix product of sizes that do not agree."
        expects "as many columns on the left as rows on the right",
        else "transpose one of them, or give the coefficients one element for each column";
    IndexOutOfRange "M123" "index-out-of-range" Error "An index outside of its axis."
        expects "indices from 0 to the length less 1",
        else "subtract 1 from indices that count from 1";
    IndexKind "M124" "index-kind" Error "An index that is not a whole number."
        expects "whole numbers",
        else "`.astype(int)`";
    OuterBroadcast "M125" "outer-broadcast" Warning "A column and a row of one length make a square matrix."
        expects "operands of one shape",
        else "`[:, 0]` on the column";
    EventShape "M126" "event-shape" Error "Vectors or matrices of the wrong shape for their distribution."
        expects "vectors and matrices of the distribution's size",
        else "give the parameter the shape that the distribution needs";
    LengthNeeded "M127" "length-needed" Error "A time series without a length."
        expects "a number of steps",
        else "shape=..., or dims=...";
    ZeroSum "M128" "zero-sum" Error "A zero-sum variable without a shape, or with scales along it."
        expects "a shape, and one scale along the axes that sum to zero",
        else "shape=..., or dims=...";
    RegisteredComponent "M129" "registered-component" Error "A variable of the model stands where a distribution belongs."
        expects "a distribution without a name",
        else "make it with `.dist()`, as in pm.Normal.dist(0, 1)";
    MixedComponents "M130" "mixed-components" Error "A mixture of discrete and continuous components."
        expects "components of one kind",
        else "take components that are all discrete or all continuous";
    OneOf "M131" "one-of" Error "Exactly one of several arguments must be given."
        expects "exactly one of the arguments",
        else "give exactly one of them";
    DistributionNeeded "M132" "distribution-needed" Error "Something else stands where a distribution belongs."
        expects "a distribution without a name",
        else "make it with `.dist()`, as in pm.HalfNormal.dist(1)";
    BoundsNeeded "M133" "bounds-needed" Error "A truncation without bounds."
        expects "lower=, upper= or both",
        else "give lower=, upper= or both";
    AdjacencyMatrix "M134" "adjacency-matrix" Error "A matrix that is not an adjacency matrix."
        expects "a symmetric matrix of 0 and 1",
        else "correct the matrix";
    RandomCondition "M135" "random-condition" Error "Python control flow or a plain number from a random quantity."
        expects "a value that is known from the data",
        else "choose between values with `pm.math.switch`";
    RandomObserved "M136" "random-observed" Error "Observed data depend on random variables."
        expects "data",
        else "observe data, and write what depends on parameters as the distribution's parameters";
    TextData "M137" "text-data" Error "Text where numbers are needed."
        expects "numbers",
        else "turn labels to numbers with np.unique(..., return_inverse=True)";
    MissingObserved "M138" "missing-observed" Warning "Observed data have missing values."
        expects "numbers",
        else "leave these rows out if that is not meant";
    MissingPredictor "M139" "missing-predictor" Error "Missing values reach the model."
        expects "numbers",
        else "leave these rows out";
    DegeneratePredictor "M140" "degenerate-predictor" Warning "A predictor is infinite, constant, or a combination of others."
        expects "finite columns that differ from each other and from row to row",
        else "leave the predictor out";
    OutsideSupport "M141" "outside-support" Error "Observed data outside of the support."
        expects "data inside of the support",
        else "correct the data, or take a distribution with that support";
    NotWhole "M142" "not-whole" Error "Observed data of a discrete distribution are not whole numbers."
        expects "whole numbers",
        else "correct the data, or take a continuous distribution";
    NotACategory "M143" "not-a-category" Error "Observed data are not 0 or 1, or not among the categories."
        expects "0 or 1, or categories that count from 0",
        else "subtract 1 from categories that count from 1";
    EdgeOfSupport "M144" "edge-of-support" Error "Observed data on an edge of the support, where the density is zero or infinite."
        expects "data inside of the support, not on its edge",
        else "move the data off the edge, or take a distribution that has the edge (a hurdle or censored form)";
    ImpossibleParameter "M145" "impossible-parameter" Error "A constant parameter breaks a rule of its distribution."
        expects "a value that keeps the rule",
        else "give it a value that keeps the rule";
    ParameterCanLeave "M146" "parameter-can-leave" Warning "A parameter can break a rule of its distribution."
        expects "a parameter that always keeps the rule",
        else "a positive prior such as pm.HalfNormal, or pm.math.exp(...)";
    LinkMissing "M147" "link-missing" Warning "A probability is not kept between 0 and 1, or is linked twice."
        expects "a number between 0 and 1",
        else "pm.math.invlogit(...) around the expression, or logit_p=";
    NotPositiveDefinite "M148" "not-positive-definite" Error "A covariance that is not positive definite."
        expects "a positive definite matrix",
        else "correct the matrix, or build it from its Cholesky factor (chol=)";
    Unnormalised "M149" "unnormalised" Warning "Probabilities do not sum to 1."
        expects "probabilities that sum to 1",
        else "divide them by their sum";
    BadStart "M150" "bad-start" Error "The log density is not finite where sampling would start."
        expects "a finite log density where sampling starts",
        else "give other starting values with `initval=`, or correct the data";
    UnorderedStart "M151" "unordered-start" Error "Starting values of an ordered variable that do not increase."
        expects "values that increase",
        else "initval=np.linspace(-1, 1, n)";
    FlatDirection "M152" "flat-direction" Warning "A variable does not reach the likelihood, or its derivative is not finite."
        expects "variables that the data depend on",
        else "use it in the likelihood, or leave it out";
    NoFreeVariables "M153" "no-free-variables" Error "Nothing is left to sample."
        expects "at least one variable without `observed=`",
        else "leave out an `observed=`";
    NoLikelihood "M154" "no-likelihood" Warning "Nothing is observed."
        expects "at least one variable with `observed=`",
        else "give the likelihood its data with `observed=`";
    ObservedMissing "M155" "observed-missing" Warning "What looks like a likelihood has no data."
        expects "`observed=`",
        else "observed=...";
    UnusedData "M156" "unused-data" Warning "Data that the model does not use."
        expects "data that the model uses",
        else "use it, or leave it out";
    UnusedVariable "M157" "unused-variable" Warning "A random variable that nothing uses."
        expects "variables that the model uses",
        else "use it, or leave it out";
    FlatPrior "M158" "flat-prior" Warning "A prior without any information."
        expects "a proper prior",
        else "a wide proper prior, such as pm.Normal(0, 10)";
    WidePrior "M159" "wide-prior" Suggestion "A prior so wide that it works against the sampler."
        expects "a prior on the scale of the data",
        else "a prior on the scale of the data, such as pm.HalfNormal(sigma=2)";
    PriorScale "M160" "prior-scale" Warning "The prior expects data of quite another scale, or elsewhere."
        expects "simulated data about as wide as the data",
        else "narrower priors, on the scale of the data";
    PriorImpossible "M161" "prior-impossible" Warning "Data simulated from the prior overflow or are all alike."
        expects "finite simulated data that vary",
        else "narrower priors, on the scale of the link";
    CentredHierarchy "M162" "centred-hierarchy" Suggestion "A centred hierarchy with few observations in each group."
        expects "five or more observations in each group, or the non-centred form",
        else "write it as mu + sigma * offset with offset ~ pm.Normal(0, 1)";
    NotIdentified "M163" "not-identified" Warning "The data leave a direction of the parameters open."
        expects "parameters that the data can tell apart",
        else "leave one of them out, or fix one";
    DiscreteFree "M164" "discrete-free" Error "A discrete variable would have to be sampled."
        expects "continuous variables",
        else "marginalise it, or observe it";
    Unstandardised "M165" "unstandardised" Suggestion "Predictors of very different scales."
        expects "predictors of similar scales",
        else "(x - x.mean()) / x.std()";
    PotentialIgnored "M166" "potential-ignored" Warning "Predictions from the prior ignore potentials."
        expects "a model without potentials",
        else "write the potential as an observed variable, or do not rely on these predictions";
    UnknownData "M167" "unknown-data" Error "`set_data` names what is no data container, or gives it what does not fit."
        expects "data containers and values that fit their dimensions",
        else "declare it with `pm.Data`";
    MuchMemory "M168" "much-memory" Warning "Sizes that take much memory or time."
        expects "sizes that fit in memory",
        else "work with fewer rows";
    FragileForm "M169" "fragile-form" Suggestion "A form that loses digits or overflows."
        expects "a form that keeps its digits",
        else "take the form that is made for it";
    SeedMissing "M170" "seed-missing" Suggestion "A call that draws random numbers has no seed."
        expects "a seed, so that the same call gives the same numbers",
        else "random_seed=1";
    EquationSteps "M176" "equation-steps" Suggestion "How exactly the steps of a differential equation solve it."
        expects "steps whose halving changes no state by more than 1e-6 of the largest that it is",
        else "start where the states change fastest, with `initval=`: the steps are chosen there";
    RefusedByPyMc "M177" "refused-by-pymc" Suggestion "A function that is computed here, and that PyMC refuses."
        expects "functions of `pm.math` and `pytensor.tensor` for what depends on parameters",
        else "write it with `pm.math` or `pytensor.tensor`";
}
