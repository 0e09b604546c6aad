using Ambient.Compile.Index;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Tests.Incremental;

/// <summary>What a change touches, by the deltas that it makes and by identity of what it leaves alone.</summary>
public sealed class WorkTests
{
    [Fact]
    public void Policy_SelectingOnePod_RepublishesThatPodAlone()
    {
        var compiler = Filled();
        Put(compiler, Mesh.Authz("shop", "p", "{ selector: { matchLabels: { own: x7 } }, rules: [{}] }"));
        var delta = compiler.Flush().Update;
        Assert.Equal("p7", Assert.Single(delta.Workloads).Name);
        Assert.Equal(["shop/p"], delta.Policies.Select(static p => p.Key));
        Assert.Empty(delta.Enrolments);
    }

    [Fact]
    public void Policy_OfAWholeNamespace_RepublishesNoPod()
    {
        var compiler = Filled();
        Put(compiler, Mesh.Authz("shop", "p", "{ rules: [{}] }"));
        Assert.Empty(compiler.Flush().Update.Workloads);
    }

    [Fact]
    public void Policy_WithOtherRules_RepublishesNoPod()
    {
        var compiler = Filled();
        Put(compiler, Mesh.Authz("shop", "p", "{ selector: { matchLabels: { app: a } }, rules: [{}] }"));
        Assert.Equal(20, compiler.Flush().Update.Workloads.Length);
        Put(compiler, Mesh.Authz("shop", "p", "{ selector: { matchLabels: { app: a } }, rules: [{ to: [{ operation: { ports: ['80'] } }] }] }"));
        var delta = compiler.Flush().Update;
        Assert.Empty(delta.Workloads);
        Assert.Single(delta.Policies);
    }

    [Fact]
    public void Pods_OfOneClass_ShareOneList()
    {
        var compiler = Filled();
        Put(compiler, Mesh.Authz("shop", "p", "{ selector: { matchLabels: { app: a } }, rules: [{}] }"));
        var lists = compiler.Flush().Update.Workloads.Select(static w => w.AuthorizationPolicies).ToList();
        Assert.Equal(["shop/p"], lists[0]);
        Assert.All(lists, list => Assert.True(list == lists[0]));
    }

    [Fact]
    public void Class_OfLabelsThatCouldBeMistakenForOthers_IsTheirOwn()
    {
        var compiler = new IncrementalCompiler(CompileOptions.Default);
        Put(compiler, Mesh.Authz("shop", "p", "{ selector: { matchLabels: { a: x, b: \"y\" } }, rules: [{}] }"));
        Put(compiler, Mesh.Pod("shop", "both", "10.0.0.1", "{ a: x, b: \"y\" }"));
        Put(compiler, Mesh.Pod("shop", "forged", "10.0.0.2", "{ a: \"x1,1:by\" }"));
        compiler.Flush();
        Assert.Equal(["shop/p"], compiler.Result().Workload("both").AuthorizationPolicies);
        Assert.Empty(compiler.Result().Workload("forged").AuthorizationPolicies);
    }

    [Fact]
    public void Slice_OfAServiceWithSelector_RepublishesNothing()
    {
        var compiler = Filled();
        Put(compiler, "apiVersion: v1\nkind: Service\nmetadata: { name: s, namespace: shop }\nspec: { clusterIP: 10.96.0.1, selector: { app: a }, ports: [{ port: 80 }] }");
        compiler.Flush();
        for (int size = 1; size < 5; size++)
        {
            string endpoints = string.Join(", ", Enumerable.Range(0, size).Select(static i => $"{{ addresses: [10.0.0.{i}], targetRef: {{ kind: Pod, name: p{i} }} }}"));
            Put(compiler, $"apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {{ name: s-1, namespace: shop, labels: {{ kubernetes.io/service-name: s }} }}\nendpoints: [{endpoints}]");
            Assert.True(compiler.Flush().Update.IsEmpty);
        }
    }

    [Fact]
    public void Namespace_WithTheLabelsItHad_RecompilesNothing()
    {
        var index = new MeshIndex(CompileOptions.Default);
        var dirty = new DirtySet();
        var intake = new Intake.ObjectIntake(index, dirty);
        void Take(string yaml)
        {
            var o = Mesh.Objects(yaml).Single();
            intake.Take(ObjectKey.Of(o)!.Value, o);
        }

        Take(Mesh.Pod("shop", "a", "10.0.0.1"));
        Take(Mesh.Namespace("shop", "{ ambient.dev/mesh: enabled }"));
        dirty.Take();
        Take(Mesh.Namespace("shop", "{ ambient.dev/mesh: enabled }"));
        Assert.Empty(dirty.Take());
        Take(Mesh.Namespace("shop", "{ ambient.dev/mesh: disabled }"));
        Assert.Equal(["a", "shop"], dirty.Take().Select(static k => k.Key.Name));
    }

    [Fact]
    public void Selecting_SelectorsOfSeveralLabels_FindsThoseThatAllHold()
    {
        var selectors = new SelectorIndex<string>();
        void Set(string name, params (string, string)[] labels) =>
            selectors.Set(new ObjectKey("K", "shop", name), name, labels.ToDictionary(static l => l.Item1, static l => l.Item2));
        Set("a", ("app", "a"));
        Set("a-t", ("app", "a"), ("tier", "t"));
        Set("b", ("app", "b"));
        Set("all");
        var pod = new Dictionary<string, string> { ["app"] = "a", ["tier"] = "t" };
        Assert.Equal(["a", "a-t"], selectors.Selecting("shop", pod).Order());
        Assert.Empty(selectors.Selecting("other", pod));
        Assert.Equal(["all"], selectors.WithoutSelector("shop"));
        Assert.True(selectors.Names("shop", "tier", "t"));
        selectors.Set(new ObjectKey("K", "shop", "a-t"), null, null);
        Assert.False(selectors.Names("shop", "tier", "t"));
        Assert.Equal(["a"], selectors.Selecting("shop", pod));
    }

    private static IncrementalCompiler Filled()
    {
        var compiler = new IncrementalCompiler(CompileOptions.Default);
        Put(compiler, Mesh.Namespace("shop", "{ ambient.dev/mesh: enabled }"));
        for (int i = 0; i < 20; i++)
        {
            Put(compiler, Mesh.Pod("shop", $"p{i}", $"10.0.0.{i}", $"{{ app: a, own: x{i} }}"));
        }

        compiler.Flush();
        return compiler;
    }

    private static void Put(IncrementalCompiler compiler, string yaml) => compiler.Put(Mesh.Objects(yaml).Single());
}
