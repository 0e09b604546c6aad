using Ambient.Lab.Nodes;
using Ambient.Lab.Starting;

namespace Ambient.Lab.Meshing;

/// <summary>Installs the mesh in a lab: the nodes' CNI configuration first, so that no pod starts uncaptured, then operator and ztunnels.</summary>
internal static class MeshInstaller
{
    private const string Configuration =
        """
        {
          "cniVersion": "1.0.0",
          "name": "lab",
          "plugins": [ { "type": "lab-bridge" }, { "type": "ambient-cni" } ]
        }
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task InstallAsync(LabCore core, CancellationToken ct)
    {
        foreach (var image in (string[])["ambient/operator", "ambient/ztunnel", "ambient/cni"])
        {
            var program = core.Agents[0].Node.Images.Program(image);
            if (!File.Exists(program))
            {
                throw new InvalidOperationException($"{program} is not built: run `make build`");
            }
        }

        foreach (var agent in core.Agents)
        {
            var folder = Directory.CreateDirectory(Path.Combine(agent.Node.HostDirectory, CniPlugin.ConfigurationFolder)).FullName;
            await File.WriteAllTextAsync(Path.Combine(folder, "10-lab.conflist"), Configuration, ct).ConfigureAwait(false);
        }

        await ManifestApplier.ApplyAsync(core.Client, SystemManifests.Build(core.Options), "lab", ct).ConfigureAwait(false);
        using var operators = new PodWait(core.Cluster, SystemManifests.Namespace, "app=ambient-operator", core.Options.OperatorReplicas);
        using var ztunnels = new PodWait(core.Cluster, SystemManifests.Namespace, "app=ambient-ztunnel", core.Options.Nodes);
        await Task.WhenAll(operators.RunAsync(Patience, ct), ztunnels.RunAsync(Patience, ct)).ConfigureAwait(false);
    }
}
