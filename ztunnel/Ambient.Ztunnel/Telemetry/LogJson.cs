using System.Text.Json.Serialization;

namespace Ambient.Ztunnel.Telemetry;

[JsonSerializable(typeof(string))]
internal sealed partial class LogJson : JsonSerializerContext;
