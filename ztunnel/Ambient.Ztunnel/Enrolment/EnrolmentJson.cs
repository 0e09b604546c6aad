using System.Text.Json.Serialization;

namespace Ambient.Ztunnel.Enrolment;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CniRequest))]
[JsonSerializable(typeof(CniReply))]
[JsonSerializable(typeof(PodRecord))]
internal sealed partial class EnrolmentJson : JsonSerializerContext;
