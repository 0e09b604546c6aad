using Ambient.Ztunnel.Capture;
using Ambient.Ztunnel.Tests.Netlab;

namespace Ambient.Ztunnel.Tests.Capture;

/// <summary>What looking after the rules costs.</summary>
public sealed class RuleUpkeepTests(PodNetwork network)
{
    private static readonly RedirectPlan s_plan = RedirectPlan.For(
        new Core.Workloads.PodEnrolment { PodUid = "u", Namespace = "n", Name = "p", ServiceAccount = "s", Enrolled = true },
        NodeMarks.Random());

    [Fact]
    public async Task Nothing_changed_is_seen_without_listing_the_rules()
    {
        using Pod pod = network.NewPod();
        using var redirect = new PodRedirect(pod.Netns);
        await redirect.InstallAsync(s_plan);

        for (int i = 0; i < 100; i++)
        {
            Assert.False(await redirect.RestoreAsync());
        }

        Assert.Equal(1, redirect.Listings);
    }

    [Fact]
    public async Task Removed_rules_are_seen_at_the_next_look()
    {
        using Pod pod = network.NewPod();
        using var redirect = new PodRedirect(pod.Netns);
        await redirect.InstallAsync(s_plan);
        Nft(pod, "flush", "ruleset");

        Assert.True(await redirect.RestoreAsync());
        Assert.Contains("redirect to :15001", Nft(pod, "list", "ruleset"));
        Assert.False(await redirect.RestoreAsync());
        Assert.False(await redirect.RestoreAsync());
        Nft(pod, "flush", "ruleset");
        Assert.True(await redirect.RestoreAsync());
    }

    [Fact]
    public async Task Somebody_who_changes_his_own_rules_all_the_time_is_listed_less_and_less()
    {
        using Pod pod = network.NewPod();
        using var redirect = new PodRedirect(pod.Netns);
        await redirect.InstallAsync(s_plan);

        for (int i = 0; i < 40; i++)
        {
            Nft(pod, "add", "table", "inet", $"other{i}");
            Assert.False(await redirect.RestoreAsync());
        }

        Assert.InRange(redirect.Listings, 4, 10);
    }

    [Fact]
    public async Task Generation_is_that_of_its_own_namespace()
    {
        using Pod pod = network.NewPod(), other = network.NewPod();
        using NftGeneration generation = await pod.Netns.RunAsync(NftGeneration.Open);
        uint? before = generation.Read();

        Nft(other, "add", "table", "inet", "x");
        Assert.NotNull(before);
        Assert.Equal(before, generation.Read());

        Nft(pod, "add", "table", "inet", "x");
        Assert.NotEqual(before, generation.Read());
    }

    private static string Nft(Pod pod, params string[] words) => Shell.Run("nsenter", [$"--net={pod.Path}", "nft", .. words]);
}
