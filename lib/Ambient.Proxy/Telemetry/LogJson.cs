using System.Text.Json.Serialization;

namespace Ambient.Proxy.Telemetry;

[JsonSerializable(typeof(string))]
internal sealed partial class LogJson : JsonSerializerContext;
