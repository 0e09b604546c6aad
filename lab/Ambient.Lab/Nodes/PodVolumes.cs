using System.Text;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;
using Ambient.Lab.Containers;
using Ambient.Lab.Kernel;
using Ambient.Lab.Objects;

namespace Ambient.Lab.Nodes;

/// <summary>
/// A pod's volumes as folders of the lab's tmpfs, filled before the first container starts and kept current afterwards
/// (<see cref="FillAsync"/> again): a changed file is replaced by a rename. Tokens are renewed at 80 % of their life.
/// </summary>
internal sealed class PodVolumes(NodeContext node, LabPod pod, PodNetwork network, string directory)
{
    // What a hostPath volume shows of the machine itself; everything else is in the node's own folder.
    private static readonly string[] Machine = ["/proc", "/sys", "/dev", "/run/netns", "/var/run/netns", "/lib/modules"];

    private readonly Dictionary<string, (string Token, DateTimeOffset RenewAt)> tokens = new(StringComparer.Ordinal);

    /// <summary>When a token wants renewal; null when there is none.</summary>
    public DateTimeOffset? NextRenewal => tokens.Count == 0 ? null : tokens.Values.Min(t => t.RenewAt);

    /// <exception cref="NotYetException">A ConfigMap, Secret or key that is not optional is missing.</exception>
    public async Task FillAsync(CancellationToken ct)
    {
        foreach (var volume in pod.Spec.Volumes)
        {
            var folder = FolderOf(volume);
            if (volume.HostPath is { } host)
            {
                PrepareHostPath(folder, host.Type);
                continue;
            }

            Directory.CreateDirectory(folder);
            if (volume.EmptyDir is not null)
            {
                Native.Check(Native.ChMod(folder, 0x1FF), $"chmod {folder}");
                continue;
            }

            Write(folder, await FilesAsync(volume, ct).ConfigureAwait(false));
        }
    }

    /// <summary>Where a container's mounts come from.</summary>
    public IEnumerable<MountPlan> MountsFor(LabContainer container)
    {
        foreach (var mount in container.VolumeMounts)
        {
            var volume = pod.Spec.Volumes.FirstOrDefault(v => v.Name == mount.Name) ?? throw new ImageException($"volume {mount.Name} is mounted but not there");
            var source = FolderOf(volume);
            if (!string.IsNullOrEmpty(mount.SubPath))
            {
                source = Path.GetFullPath(Path.Combine(source, mount.SubPath));
                if (!Path.Exists(source))
                {
                    Directory.CreateDirectory(source);
                }
            }

            yield return new MountPlan(source, mount.MountPath, mount.ReadOnly == true || (volume.EmptyDir is null && volume.HostPath is null));
        }
    }

    private string FolderOf(LabVolume volume) => volume.HostPath is not { } host
        ? Path.Combine(directory, "volumes", volume.Name)
        : Array.Exists(Machine, m => host.Path == m || host.Path.StartsWith(m + "/", StringComparison.Ordinal))
            ? host.Path.Replace("/var/run/netns", "/run/netns", StringComparison.Ordinal)
            : Path.Combine(node.HostDirectory, host.Path.TrimStart('/').Replace("var/run/", "run/", StringComparison.Ordinal));

    private static void PrepareHostPath(string path, string? type)
    {
        if (Path.Exists(path))
        {
            return;
        }

        if (type is "FileOrCreate")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, "");
        }
        else if (type is null or "" or "DirectoryOrCreate")
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            throw new NotYetException("FailedMount", $"hostPath type check failed: {path} is not a {type}");
        }
    }

    private async Task<Dictionary<string, byte[]>> FilesAsync(LabVolume volume, CancellationToken ct)
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        if (volume.ConfigMap is { } map)
        {
            AddConfigMap(files, map);
        }

        if (volume.Secret is { } secret)
        {
            AddSecret(files, secret.SecretName ?? "", secret.Items, secret.Optional == true);
        }

        AddDownward(files, volume.DownwardApi);
        foreach (var source in volume.Projected?.Sources ?? [])
        {
            if (source.ConfigMap is { } projected)
            {
                AddConfigMap(files, projected);
            }

            if (source.Secret is { } hidden)
            {
                AddSecret(files, hidden.Name ?? "", hidden.Items, hidden.Optional == true);
            }

            AddDownward(files, source.DownwardApi);
            if (source.ServiceAccountToken is { } token)
            {
                files[token.Path] = Encoding.UTF8.GetBytes(await TokenAsync(token, ct).ConfigureAwait(false));
            }
        }

        return files;
    }

    private async Task<string> TokenAsync(ServiceAccountTokenProjection projection, CancellationToken ct)
    {
        var key = $"{projection.Audience}|{projection.ExpirationSeconds}";
        var now = node.Time.GetUtcNow();
        if (tokens.TryGetValue(key, out var held) && held.RenewAt > now)
        {
            return held.Token;
        }

        var life = TimeSpan.FromSeconds(projection.ExpirationSeconds ?? 3600);
        IReadOnlyList<string> audiences = string.IsNullOrEmpty(projection.Audience) ? [] : [projection.Audience];
        var grant = await node.Cluster.Client.CreateTokenAsync(
            pod.Metadata.Namespace!, pod.Spec.ServiceAccountName ?? "default", audiences, life, (pod.Metadata.Name, pod.Metadata.Uid!), ct).ConfigureAwait(false);
        tokens[key] = (grant.Token, now + (((grant.Expires ?? now + life) - now) * 0.8));
        return grant.Token;
    }

    private void AddConfigMap(Dictionary<string, byte[]> files, ConfigMapVolume source)
    {
        if (node.Cluster.ConfigMaps.Find(pod.Metadata.Namespace, source.Name ?? "") is not { } map)
        {
            if (source.Optional != true)
            {
                throw new NotYetException("FailedMount", $"configmap \"{source.Name}\" not found");
            }

            return;
        }

        Pick(files, map.Data, source.Items, Encoding.UTF8.GetBytes, $"configmap {source.Name}", source.Optional == true);
    }

    private void AddSecret(Dictionary<string, byte[]> files, string name, IReadOnlyList<KeyToPath> items, bool optional)
    {
        if (node.Cluster.Secrets.Find(pod.Metadata.Namespace, name) is not { } secret)
        {
            if (!optional)
            {
                throw new NotYetException("FailedMount", $"secret \"{name}\" not found");
            }

            return;
        }

        Pick(files, secret.Data, items, static b => b, $"secret {name}", optional);
    }

    private void AddDownward(Dictionary<string, byte[]> files, DownwardItems? downward)
    {
        foreach (var item in downward?.Items ?? [])
        {
            files[item.Path] = Encoding.UTF8.GetBytes(PodFields.Value(item.FieldRef?.FieldPath ?? "", pod, node, network) ?? "");
        }
    }

    private static void Pick<T>(
        Dictionary<string, byte[]> files, IReadOnlyDictionary<string, T> data, IReadOnlyList<KeyToPath> items, Func<T, byte[]> bytes, string what, bool optional)
    {
        if (items.Count == 0)
        {
            foreach (var (key, value) in data)
            {
                files[key] = bytes(value);
            }

            return;
        }

        foreach (var item in items)
        {
            if (data.TryGetValue(item.Key, out var value))
            {
                files[item.Path] = bytes(value);
            }
            else if (!optional)
            {
                throw new NotYetException("FailedMount", $"{what} has no key {item.Key}");
            }
        }
    }

    private static void Write(string folder, Dictionary<string, byte[]> files)
    {
        foreach (var (name, bytes) in files)
        {
            var path = Path.GetFullPath(Path.Combine(folder, name));
            if (!path.StartsWith(folder + "/", StringComparison.Ordinal) || (File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(bytes)))
            {
                continue;
            }

            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var fresh = path + ".new";
            File.WriteAllBytes(fresh, bytes);
            File.Move(fresh, path, overwrite: true);
        }

        foreach (var stale in Directory.EnumerateFiles(folder).Where(f => !files.ContainsKey(Path.GetFileName(f))))
        {
            File.Delete(stale);
        }
    }
}
