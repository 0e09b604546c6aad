namespace Ambient.Compile.Sources;

/// <summary>A GatewayClass: which controller serves its Gateways.</summary>
internal sealed record GatewayClassSource(SourceMeta Meta, string Controller)
{
    public static GatewayClassSource Read(JsonView o, ObjectKey key) => new(SourceMeta.Read(o, key), o["spec"].Text("controllerName"));
}
