using Ambient.Compile.Index;
using Ambient.Compile.Reports;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Gateways;

/// <summary>
/// Which classes are ours: those whose GatewayClass names our controller, and our names and their Istio aliases where there is no such
/// GatewayClass. A GatewayClass of another controller always keeps us out.
/// </summary>
internal static class GatewayClasses
{
    public static GatewayRole RoleOf(MeshIndex index, string @class)
    {
        return RoleOf(@class, index.GatewayClasses.Find(new ObjectKey(KnownKinds.GatewayClass, "", @class))?.Controller);
    }

    /// <param name="class">The class that a Gateway names.</param>
    /// <param name="controller">What the GatewayClass of that name declares; null when there is none.</param>
    public static GatewayRole RoleOf(string @class, string? controller)
    {
        GatewayRole named = @class switch
        {
            "ambient-waypoint" or "istio-waypoint" => GatewayRole.Waypoint,
            "ambient" or "istio" => GatewayRole.Ingress,
            "ambient-east-west" or "istio-east-west" => GatewayRole.EastWest,
            _ => GatewayRole.Foreign,
        };
        return controller is null ? named
            : controller != StatusReport.Controller ? GatewayRole.Foreign
            : named == GatewayRole.Foreign ? GatewayRole.Ingress
            : named;
    }

    public static UnitOutput Compile(GatewayClassSource @class) => @class.Controller != StatusReport.Controller ? UnitOutput.Nothing : new UnitOutput
    {
        Status = ResourceChecks.Report(@class.Meta, null, "", Condition.True(Condition.Accepted, "Accepted", "served by Ambient")) with { SupportedFeatures = GatewayFeatures.All },
    };
}
