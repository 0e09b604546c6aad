using Ambient.Compile.Index;
using Ambient.Compile.Reports;
using Ambient.Compile.Sources;
using Ambient.Core;
using Ambient.Core.Mesh;
using Ambient.Core.Routes;
using Ambient.Core.Telemetry;

namespace Ambient.Compile.Settings;

/// <summary>There is one Mesh: the one named <c>default</c>, else the oldest.</summary>
internal static class MeshCompilation
{
    public static MeshSettings Current(MeshIndex index) => Winner(index)?.Settings ?? index.Options.Settings;

    /// <summary>What stands under all Telemetry resources.</summary>
    public static MeshTelemetry Telemetry(MeshIndex index) =>
        Winner(index)?.Telemetry ?? MeshTelemetry.Default with { AccessLog = index.Options.Settings.AccessLog };

    public static UnitOutput Compile(MeshIndex index, MeshSource mesh)
    {
        var winner = Winner(index)!;
        if (winner.Meta.Key == mesh.Meta.Key)
        {
            return new UnitOutput
            {
                Resources =
                [
                    .. mesh.Providers,
                    .. SameContentDeep.Same(Telemetry(index), MeshTelemetry.Default) ? [] : new ProxyResource[] { Telemetry(index) },
                    .. SameContentDeep.Same(mesh.Requests, MeshRequestDefaults.None) ? [] : new ProxyResource[] { mesh.Requests },
                ],
                Status = ResourceChecks.Report(mesh.Meta, mesh.Refusal, "the defaults are in force"),
                Findings = ResourceChecks.Findings(mesh.Meta, mesh.Refusal, mesh.Notes),
            };
        }

        string message = $"has no effect: the Mesh {winner.Meta.Name} is in force, and there can be only one";
        return new UnitOutput
        {
            Status = ResourceChecks.Report(mesh.Meta, null, "", Condition.False(Condition.Accepted, "Conflicted", message)),
            Findings = [new Finding(FindingCodes.MoreThanOneMesh, FindingLevel.Warning, mesh.Meta.Kind, "", mesh.Meta.Name, "", message)],
        };
    }

    private static MeshSource? Winner(MeshIndex index) => index.Meshes.All
        .OrderBy(static m => m.Meta.Name == "default" ? 0 : 1).ThenBy(static m => m.Meta, Comparer<SourceMeta>.Create(SourceMeta.ByAge))
        .FirstOrDefault();
}
