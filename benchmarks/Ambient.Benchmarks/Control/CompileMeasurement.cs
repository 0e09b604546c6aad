using System.Diagnostics;
using System.Text.Json.Nodes;
using Ambient.Benchmarks.Measuring;
using Ambient.Compile;

namespace Ambient.Benchmarks.Control;

/// <summary>The compiler alone: everything once, and single changes against what stands.</summary>
internal sealed class CompileMeasurement(int pods, int policies)
{
    private const int Rounds = 30;
    private readonly IncrementalCompiler _compiler = new(CompileOptions.Default);

    public sealed record Row(string Change, double MedianMs, double CpuMs, double WorstMs, double KiloBytes, int Resources);

    public IEnumerable<Row> Run()
    {
        yield return Full();
        yield return Each("policy added, selects one pod", i => _compiler.Put(SampleMesh.Policy($"one-{i}", "ns-0", "own", $"pod-{i}")));
        yield return Each("policy added, selects a deployment of 20", i => _compiler.Put(SampleMesh.Policy($"some-{i}", "ns-0", "app", $"app-{i % 50}")));
        yield return Each("policy added, selects 1,000 pods", i => _compiler.Put(SampleMesh.Policy($"many-{i}", "ns-0", "part-of", "shop")));
        yield return Each("policy added, whole namespace of 1,000", i => _compiler.Put(SampleMesh.Policy($"all-{i}", "ns-0", null, null)));
        yield return Each("policy changed, same selector of 1,000 pods", i => _compiler.Put(SampleMesh.Policy("many-0", "ns-0", "part-of", "shop", 9000 + i)));
        yield return Each("pod added", i => _compiler.Put(SampleMesh.Pod(pods + i)));
        yield return Each("pod's label changed", i => _compiler.Put(SampleMesh.Pod(i, "v2")));
        yield return Each("namespace of 1,000 pods enrolled or not", i => _compiler.Put(SampleMesh.Namespace(0, enrolled: i % 2 == 1)));
        yield return Each("slice of 100 endpoints, Service with selector", i => _compiler.Put(SampleMesh.Slice("app-0-x", "app-0", 90 + (i % 10), pods: true)));
        yield return Each("slice of 100 endpoints, managed by hand", i => _compiler.Put(SampleMesh.Slice("hand-x", "hand", 90 + (i % 10), pods: false)));
        yield return Each("node's zone changed (its pods: 1 in 100)", i => _compiler.Put(SampleMesh.Node(1, $"zone-{i % 2}")));
        yield return Each("node reported, same place", _ => _compiler.Put(SampleMesh.Node(2, "zone-0")));
    }

    /// <summary>Every object of the mesh.</summary>
    public static IEnumerable<JsonObject> Objects(int pods, int policies)
    {
        for (int n = 0; n < pods / SampleMesh.PodsOfNamespace; n++)
        {
            yield return SampleMesh.Namespace(n);
        }

        for (int n = 0; n < 100; n++)
        {
            yield return SampleMesh.Node(n, "zone-0");
        }

        for (int d = 0; d < pods / SampleMesh.PodsOfDeployment; d++)
        {
            yield return SampleMesh.Service(d);
        }

        for (int i = 0; i < pods; i++)
        {
            yield return SampleMesh.Pod(i);
        }

        for (int i = 0; i < policies; i++)
        {
            yield return SampleMesh.StandingPolicy(i, pods);
        }
    }

    private Row Full()
    {
        List<JsonObject> objects = [.. Objects(pods, policies)];
        List<double> times = [];
        double used = ThreadCpu.Milliseconds();
        for (int i = 0; i < 3; i++)
        {
            long begun = Stopwatch.GetTimestamp();
            MeshCompiler.Compile(CompileInput.Of(objects));
            times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }

        used = ThreadCpu.Milliseconds() - used;
        foreach (JsonObject o in objects)
        {
            _compiler.Put(o);
        }

        _compiler.Put((JsonObject)JsonNode.Parse("""{"apiVersion":"v1","kind":"Service","metadata":{"name":"hand","namespace":"ns-0"},"spec":{"clusterIP":"10.97.0.1","ports":[{"name":"http","port":80}]}}""")!);
        long before = GC.GetAllocatedBytesForCurrentThread();
        CompileDelta delta = _compiler.Flush();
        double allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / 1024.0;
        times.Sort();
        return new Row("everything", times[1], used / times.Count, times[^1], allocated, Count(delta));
    }

    private Row Each(string name, Action<int> change)
    {
        _compiler.Flush();
        List<double> times = [];
        double used = ThreadCpu.Milliseconds();
        List<double> bytes = [];
        int resources = 0;
        for (int i = 0; i < Rounds; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            long begun = Stopwatch.GetTimestamp();
            change(i);
            CompileDelta delta = _compiler.Flush();
            times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            bytes.Add((GC.GetAllocatedBytesForCurrentThread() - before) / 1024.0);
            resources = Count(delta);
        }

        used = ThreadCpu.Milliseconds() - used;
        times.Sort();
        bytes.Sort();
        return new Row(name, times[Rounds / 2], used / Rounds, times[^1], bytes[Rounds / 2], resources);
    }

    private static int Count(CompileDelta d) => d.Update.Workloads.Length + d.Update.RemovedWorkloads.Length + d.Update.Services.Length
        + d.Update.RemovedServices.Length + d.Update.Policies.Length + d.Update.RemovedPolicies.Length + d.Update.Enrolments.Length + d.Update.RemovedEnrolments.Length;
}
