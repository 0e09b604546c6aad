using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;
using Ambient.Kube.Emulator.Storage;
using Ambient.Kube.Emulator.Types;

namespace Ambient.Kube.Emulator.Admission;

/// <summary>Hands out ClusterIPs and node ports, of one or two families, and takes them back when a Service goes.</summary>
internal sealed class ServiceAddresses
{
    private const string ClusterIpField = "spec.clusterIPs";
    private const int FirstNodePort = 30000;
    private const int LastNodePort = 32767;
    private readonly Lock gate = new();
    private readonly HashSet<string> taken = new(StringComparer.Ordinal);
    private readonly List<(string Family, IPNetwork Range)> ranges = [];
    private readonly Dictionary<string, uint> cursor = new(StringComparer.Ordinal);
    private readonly ResourceStore store;
    private int nextNodePort = FirstNodePort;

    public ServiceAddresses(IPNetwork? first, IPNetwork? second, ResourceStore store)
    {
        this.store = store;
        foreach (IPNetwork? range in (IPNetwork?[])[first, second])
        {
            if (range is { } r)
            {
                string family = r.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? "IPv4" : "IPv6";
                ranges.Add((family, r));
                cursor[family] = 9;
            }
        }

        store.Subscribe(e =>
        {
            if (e.Shelf == "/services" && e.Kind == ChangeKind.Deleted)
            {
                Release(e.Object.Value);
            }
        });
    }

    public AdmissionScope Assign(ResourceType type, JsonObject service, JsonObject? before, bool dryRun)
    {
        JsonObject spec = service.Ensure("spec");
        var scope = new AdmissionScope();
        if (spec.Text("type") == "ExternalName")
        {
            foreach (string field in (string[])["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "internalTrafficPolicy"])
            {
                spec.Remove(field);
            }

            return scope;
        }

        Inherit(spec, before);
        string name = service.Text("metadata", "name") ?? "";
        bool headless = spec.Text("clusterIP") == "None" || spec.Items("clusterIPs").FirstOrDefault().Plain() == "None";
        string[] families = Families(type, name, spec, headless);
        spec["ipFamilyPolicy"] ??= families.Length > 1 ? "RequireDualStack" : "SingleStack";
        spec["ipFamilies"] = JsonPaths.ArrayOf(families);
        spec["internalTrafficPolicy"] ??= "Cluster";
        if (headless)
        {
            spec["clusterIP"] = "None";
            spec["clusterIPs"] = JsonPaths.ArrayOf("None");
        }
        else
        {
            AssignAddresses(type, name, spec, before, families, scope);
        }

        AssignNodePorts(spec);
        if (dryRun)
        {
            scope.Dispose();
            scope.Keep();
        }

        return scope;
    }

    /// <summary>Addresses once given stay, as the real server carries them over when an update leaves them out.</summary>
    private static void Inherit(JsonObject spec, JsonObject? before)
    {
        if (before?.Object("spec") is not { } old || old.Text("type") == "ExternalName")
        {
            return;
        }

        foreach (string field in (string[])["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "healthCheckNodePort"])
        {
            if (spec.At(field) is null or JsonArray { Count: 0 } or JsonValue && string.IsNullOrEmpty(spec.At(field).Plain()) && old.At(field) is { } kept)
            {
                spec[field] = kept.DeepClone();
            }
        }

        foreach (JsonNode? port in spec.Items("ports"))
        {
            if (port is JsonObject p && p.Number("nodePort") is null or 0 && spec.Text("type") is "NodePort" or "LoadBalancer"
                && old.Items("ports").FirstOrDefault(o => o.Number("port") == port.Number("port") && o.Text("protocol") == port.Text("protocol")).Number("nodePort") is { } kept)
            {
                ((JsonObject)port!)["nodePort"] = kept;
            }
        }
    }

    private string[] Families(ResourceType type, string name, JsonObject spec, bool headless)
    {
        List<string> families = [.. spec.Items("ipFamilies").Select(f => f.Plain() ?? "")];
        foreach (string address in Requested(spec))
        {
            string family = address.Contains(':', StringComparison.Ordinal) ? "IPv6" : "IPv4";
            if (!families.Contains(family))
            {
                families.Add(family);
            }
        }

        if (families.Count == 0)
        {
            families.Add(ranges[0].Family);
        }

        string policy = spec.Text("ipFamilyPolicy") ?? "";
        if (policy == "RequireDualStack" && ranges.Count < 2 && !headless)
        {
            throw ApiErrors.Invalid(type, name, [FieldError.Invalid("spec.ipFamilyPolicy", policy, "this cluster is not configured for dual-stack services")]);
        }

        if (policy is "PreferDualStack" or "RequireDualStack")
        {
            families.AddRange(ranges.Select(r => r.Family).Except(families));
        }
        else if (policy == "SingleStack" && families.Count > 1)
        {
            families.RemoveRange(1, families.Count - 1);
        }

        if (families.Find(f => !ranges.Exists(r => r.Family == f)) is { } missing)
        {
            throw ApiErrors.Invalid(type, name, [FieldError.Invalid("spec.ipFamilies[0]", missing, "not configured on this cluster")]);
        }

        return [.. families];
    }

    private static IEnumerable<string> Requested(JsonObject spec)
    {
        IEnumerable<string> all = spec.Items("clusterIPs").Select(a => a.Plain() ?? "");
        if (!all.Any() && spec.Text("clusterIP") is { } one)
        {
            all = [one];
        }

        return all.Where(a => a.Length > 0 && a != "None");
    }

    private void AssignAddresses(ResourceType type, string name, JsonObject spec, JsonObject? before, string[] families, AdmissionScope scope)
    {
        var wanted = Requested(spec).ToDictionary(a => a.Contains(':', StringComparison.Ordinal) ? "IPv6" : "IPv4", a => a);
        HashSet<string> own = [.. before is null ? [] : Requested(before.Object("spec") ?? [])];
        var given = new List<string>();
        lock (gate)
        {
            foreach (string family in families)
            {
                string address = wanted.TryGetValue(family, out string? asked) ? Take(type, name, family, asked, own) : Next(type, name, family);
                given.Add(address);
                if (!own.Contains(address))
                {
                    scope.OnUndo(() => Free(address));
                }
            }
        }

        spec["clusterIP"] = given[0];
        spec["clusterIPs"] = JsonPaths.ArrayOf(given);
    }

    private string Take(ResourceType type, string name, string family, string asked, HashSet<string> own)
    {
        IPNetwork range = ranges.Find(r => r.Family == family).Range;
        if (!IPAddress.TryParse(asked, out IPAddress? address) || !range.Contains(address))
        {
            throw ApiErrors.Invalid(type, name, [FieldError.Invalid(ClusterIpField, JsonPaths.ArrayOf(asked), $"failed to allocate IP {asked}: the provided IP ({asked}) is not in the valid range. The range of valid IPs is {range}")]);
        }

        string text = address.ToString();
        if (!taken.Add(text) && !own.Contains(text))
        {
            throw ApiErrors.Invalid(type, name, [FieldError.Invalid(ClusterIpField, JsonPaths.ArrayOf(asked), $"failed to allocate IP {asked}: provided IP is already allocated")]);
        }

        return text;
    }

    private string Next(ResourceType type, string name, string family)
    {
        IPNetwork range = ranges.Find(r => r.Family == family).Range;
        int bits = (family == "IPv4" ? 32 : 128) - range.PrefixLength;
        uint size = bits >= 20 ? 1u << 20 : 1u << bits;
        for (uint tries = 0; tries < size; tries++)
        {
            uint offset = cursor[family] = (cursor[family] + 1) % (size - 1);
            if (offset == 0)
            {
                continue;
            }

            byte[] bytes = range.BaseAddress.GetAddressBytes();
            for (int i = 0; i < 4; i++)
            {
                bytes[^(i + 1)] |= (byte)(offset >> (8 * i));
            }

            string address = new IPAddress(bytes).ToString();
            if (taken.Add(address))
            {
                return address;
            }
        }

        throw ApiErrors.Invalid(type, name, [FieldError.Invalid(ClusterIpField, null, "failed to allocate a serviceIP: range is full")]);
    }

    private void AssignNodePorts(JsonObject spec)
    {
        if (spec.Text("type") is not ("NodePort" or "LoadBalancer"))
        {
            return;
        }

        spec["externalTrafficPolicy"] ??= "Cluster";
        if (spec.Text("type") == "LoadBalancer")
        {
            spec["allocateLoadBalancerNodePorts"] ??= true;
        }

        foreach (JsonNode? port in spec.Items("ports"))
        {
            if (port is JsonObject p && p.Number("nodePort") is null or 0)
            {
                lock (gate)
                {
                    ((JsonObject)port!)["nodePort"] = NextNodePort();
                }
            }
        }
    }

    private int NextNodePort()
    {
        HashSet<long> used = [.. store.Shelf("/services").Values.SelectMany(s => s.Value.Items("spec", "ports")).Select(p => p.Number("nodePort") ?? 0)];
        do
        {
            nextNodePort = nextNodePort >= LastNodePort ? FirstNodePort : nextNodePort + 1;
        }
        while (used.Contains(nextNodePort) && used.Count <= LastNodePort - FirstNodePort);

        return nextNodePort;
    }

    private void Release(JsonObject service)
    {
        foreach (string address in Requested(service.Object("spec") ?? []))
        {
            Free(address);
        }
    }

    private void Free(string address)
    {
        lock (gate)
        {
            taken.Remove(address);
        }
    }
}
