using System.Text.Json.Serialization;

namespace FerMl;

/// <summary>Source-generated metadata of the types that FerMl itself reads and writes as JSON, since trimmed programs lack
/// reflection.</summary>
[JsonSerializable(typeof(ModelCard))]
[JsonSerializable(typeof(EvaluationDocument))]
[JsonSerializable(typeof(MetricsDocument))]
[JsonSerializable(typeof(ClipEvaluationDocument))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class FerMlJsonContext : JsonSerializerContext;
