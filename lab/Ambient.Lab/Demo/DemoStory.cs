namespace Ambient.Lab.Demo;

/// <summary>The demo on a lab that is up: tells the story, prints the report.</summary>
internal static class DemoStory
{
    /// <param name="manifests">Folder with shop.yaml, strict.yaml, orders-callers.yaml and the folder store; beside it the example shop.</param>
    /// <returns>0, or 1 when something was not as it should be (the report names it).</returns>
    public static async Task<int> TellAsync(
        LabCluster lab, string manifests, TextWriter output, DemoProgress progress, TimeProvider time, CancellationToken ct)
    {
        DemoRun run = new(lab, lab.Admin, progress, manifests, time);
        StoreRun store = new(lab, lab.Admin, progress, manifests);
        await run.RunAsync(ct);
        await store.RunAsync(ct);
        return DemoReport.Print(output, [.. run.Checks, .. store.Checks]);
    }
}
