using Ambient.Kube.Http;
using Ambient.Kube.Resources;
using Ambient.Kube.Watching;

namespace Ambient.Kube.Tests.Watching;

public sealed class InformerTests
{
    private static readonly KubeClient Nowhere = new(new KubeConfig { Server = new Uri("http://127.0.0.1:1") });

    private readonly Informer<Pod> _informer = new(
        new ListWatch<Pod>(Nowhere.Resource<Pod>()), p => p with { Metadata = p.Metadata with { Annotations = new Dictionary<string, string>() } });

    private IReflectorStore<Pod> Feed => _informer;

    [Fact]
    public void Index_FollowsChanges()
    {
        _informer.AddIndexer("node", p => p.Spec?.NodeName is { } node ? [node] : []);
        Feed.Replace([Pod("a", "1", "n1"), Pod("b", "1", "n1")]);
        Feed.Put(Pod("b", "2", "n2"));
        Assert.Equal(["a"], _informer.Store.ByIndex("node", "n1").Select(p => p.Metadata.Name));
        Assert.Equal(["b"], _informer.Store.ByIndex("node", "n2").Select(p => p.Metadata.Name));
        Feed.Remove(Pod("a", "3", "n1"));
        Assert.Empty(_informer.Store.ByIndex("node", "n1"));
        Assert.Throws<ArgumentException>(() => _informer.Store.ByIndex("zone", "z"));
    }

    [Fact]
    public void Handler_ComesLate_HearsOfWhatIsThere()
    {
        Feed.Replace([Pod("a", "1", null)]);
        var heard = new List<string>();
        _informer.AddHandler(p => heard.Add(p.Metadata.Name));
        Assert.Equal(["a"], heard);
    }

    [Fact]
    public void Handler_Throws_TheOthersStillHear()
    {
        var heard = new List<string>();
        _informer.AddHandler(_ => throw new InvalidOperationException("no"));
        _informer.AddHandler(p => heard.Add(p.Metadata.Name));
        Feed.Put(Pod("a", "1", null));
        Assert.Equal(["a"], heard);
    }

    [Fact]
    public void Put_SameVersionAgain_TellsNobody()
    {
        int heard = 0;
        _informer.AddHandler(_ => heard++, (_, _) => heard++);
        Feed.Put(Pod("a", "1", null));
        Feed.Put(Pod("a", "1", null));
        Assert.Equal(1, heard);
    }

    [Fact]
    public void Put_Transform_NarrowsWhatIsKept()
    {
        Pod fat = Pod("a", "1", null);
        Feed.Put(fat with { Metadata = fat.Metadata with { Annotations = new Dictionary<string, string> { ["big"] = "text" } } });
        Assert.Empty(_informer.Store.Find("n/a")!.Metadata.Annotations);
    }

    private static Pod Pod(string name, string version, string? node) => new()
    {
        Metadata = new ObjectMeta { Name = name, Namespace = "n", Uid = name, ResourceVersion = version },
        Spec = new PodSpec { NodeName = node },
    };
}
