//! The rules that a model is checked against: one line each, with a code that never changes its meaning.

use super::Severity;

macro_rules! rules {
    ($($variant:ident $code:literal $name:literal $severity:ident $summary:literal;)*) => {
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

            /// The rule in a sentence.
            pub fn summary(self) -> &'static str {
                match self { $(Rule::$variant => $summary,)* }
            }
        }
    };
}

rules! {
    Unreadable "M001" "unreadable" Error "A file cannot be read, or is not what its name says.";
    NoModel "M002" "no-model" Error "The file has no model.";
    TooLarge "M003" "too-large" Error "The model file exceeds a limit of size, depth or work.";
    Unsupported "M100" "unsupported" Error "An expression that model files cannot hold.";
    UnknownFunction "M101" "unknown-function" Error "A distribution or function that does not exist.";
    UnknownArgument "M102" "unknown-argument" Error "An argument that the function does not have.";
    RenamedArgument "M103" "renamed-argument" Error "An argument under the name it had in PyMC3.";
    MissingArgument "M104" "missing-argument" Error "An argument is missing.";
    ConflictingArguments "M105" "conflicting-arguments" Error "Arguments that exclude each other.";
    TooManyArguments "M106" "too-many-arguments" Error "More positional arguments than parameters.";
    OldName "M107" "old-name" Error "A name of PyMC3, Theano or Aesara.";
    UnknownOption "M108" "unknown-option" Error "An option that the sampler does not have.";
    UnknownMethod "M109" "unknown-method" Error "An initialisation or method that does not exist.";
    Syntax "M110" "syntax" Error "The file is not Python.";
    OutsideModel "M111" "outside-model" Error "A variable is declared outside of a model.";
    NameNeeded "M112" "name-needed" Error "A variable has no name, or one that is not a text.";
    DuplicateName "M113" "duplicate-name" Error "Two variables have one name.";
    NameIsDim "M114" "name-is-dim" Error "A variable has the name of a dimension.";
    UndefinedName "M115" "undefined-name" Error "A name that neither the file nor the data define.";
    UsedBeforeDefined "M116" "used-before-defined" Error "A name is used before the line that defines it.";
    IllegalName "M117" "illegal-name" Error "A name that results cannot hold.";
    UnknownDim "M118" "unknown-dim" Error "A dimension that no coordinate defines.";
    DimLength "M119" "dim-length" Error "A dimension's labels and an axis differ in number.";
    DuplicateLabels "M120" "duplicate-labels" Warning "A dimension has a label twice.";
    ShapeMismatch "M121" "shape-mismatch" Error "Shapes that do not fit together.";
    MatrixProduct "M122" "matrix-product" Error "A matrix product of sizes that do not agree.";
    IndexOutOfRange "M123" "index-out-of-range" Error "An index outside of its axis.";
    IndexKind "M124" "index-kind" Error "An index that is not a whole number.";
    OuterBroadcast "M125" "outer-broadcast" Warning "A column and a row of one length make a square matrix.";
    EventShape "M126" "event-shape" Error "Vectors or matrices of the wrong shape for their distribution.";
    LengthNeeded "M127" "length-needed" Error "A time series without a length.";
    ZeroSum "M128" "zero-sum" Error "A zero-sum variable without a shape, or with scales along it.";
    RegisteredComponent "M129" "registered-component" Error "A variable of the model stands where a distribution belongs.";
    MixedComponents "M130" "mixed-components" Error "A mixture of discrete and continuous components.";
    OneOf "M131" "one-of" Error "Exactly one of several arguments must be given.";
    DistributionNeeded "M132" "distribution-needed" Error "Something else stands where a distribution belongs.";
    BoundsNeeded "M133" "bounds-needed" Error "A truncation without bounds.";
    AdjacencyMatrix "M134" "adjacency-matrix" Error "A matrix that is not an adjacency matrix.";
    RandomCondition "M135" "random-condition" Error "Python control flow or a plain number from a random quantity.";
    RandomObserved "M136" "random-observed" Error "Observed data depend on random variables.";
    TextData "M137" "text-data" Error "Text where numbers are needed.";
    MissingObserved "M138" "missing-observed" Warning "Observed data have missing values.";
    MissingPredictor "M139" "missing-predictor" Error "Missing values reach the model.";
    DegeneratePredictor "M140" "degenerate-predictor" Warning "A predictor is infinite, constant, or a combination of others.";
    OutsideSupport "M141" "outside-support" Error "Observed data outside of the support.";
    NotWhole "M142" "not-whole" Error "Observed data of a discrete distribution are not whole numbers.";
    NotACategory "M143" "not-a-category" Error "Observed data are not 0 or 1, or not among the categories.";
    EdgeOfSupport "M144" "edge-of-support" Error "Observed data on an edge of the support, where the density is zero or infinite.";
    ImpossibleParameter "M145" "impossible-parameter" Error "A constant parameter breaks a rule of its distribution.";
    ParameterCanLeave "M146" "parameter-can-leave" Warning "A parameter can break a rule of its distribution.";
    LinkMissing "M147" "link-missing" Warning "A probability is not kept between 0 and 1.";
    NotPositiveDefinite "M148" "not-positive-definite" Error "A covariance that is not positive definite.";
    Unnormalised "M149" "unnormalised" Warning "Probabilities do not sum to 1.";
    BadStart "M150" "bad-start" Error "The log density is not finite where sampling would start.";
    UnorderedStart "M151" "unordered-start" Error "Starting values of an ordered variable that do not increase.";
    FlatDirection "M152" "flat-direction" Warning "A variable does not reach the likelihood, or its derivative is not finite.";
    NoFreeVariables "M153" "no-free-variables" Error "Nothing is left to sample.";
    NoLikelihood "M154" "no-likelihood" Warning "Nothing is observed.";
    ObservedMissing "M155" "observed-missing" Warning "What looks like a likelihood has no data.";
    UnusedData "M156" "unused-data" Warning "Data that the model does not use.";
    UnusedVariable "M157" "unused-variable" Warning "A random variable that nothing uses.";
    FlatPrior "M158" "flat-prior" Warning "A prior without any information.";
    WidePrior "M159" "wide-prior" Suggestion "A prior so wide that it works against the sampler.";
    PriorScale "M160" "prior-scale" Warning "The prior expects data of quite another scale.";
    PriorImpossible "M161" "prior-impossible" Warning "Data simulated from the prior overflow or are all alike.";
    CentredHierarchy "M162" "centred-hierarchy" Suggestion "A centred hierarchy with few observations in each group.";
    NotIdentified "M163" "not-identified" Warning "The data leave a direction of the parameters open.";
    DiscreteFree "M164" "discrete-free" Error "A discrete variable would have to be sampled.";
    Unstandardised "M165" "unstandardised" Suggestion "Predictors of very different scales.";
    PotentialIgnored "M166" "potential-ignored" Warning "Predictions from the prior ignore potentials.";
    UnknownData "M167" "unknown-data" Error "`pm.set_data` names what is no data container.";
    ManyLogLikelihoods "M168" "many-log-likelihoods" Warning "The log likelihoods of all draws would take much memory.";
    FragileForm "M169" "fragile-form" Suggestion "A form that loses digits or overflows.";
}
