using System.Text;
using Ambient.Core;
using Ambient.Core.Policies.Requests;
using Ambient.Waypoint.Tests.Lab;

namespace Ambient.Waypoint.Tests.Attacks;

/// <summary>
/// A policy denies /admin and all below it. However it is spelled, nothing reaches the application that any reading of it takes for /admin.
/// </summary>
public sealed class PathTests
{
    private static readonly RequestPolicy s_deny = new()
    {
        Name = new NamespacedName("shop", "no-admin"),
        Action = RequestPolicyAction.Deny,
        Rules = [new RequestRule { To = [new RequestOperation { Paths = ["/admin", "/admin/*"] }] }],
        Targets = [new RequestPolicyTarget(RequestPolicyTargetKind.Namespace, "shop")],
    };

    private static readonly string[] s_spellings =
    [
        "/admin", "/admin/", "/admin/x", "/admin?a=b", "/admin/?a=b", "/./admin", "/.//admin", "/x/../admin", "/x/./../admin", "/x/y/../../admin", "/../admin", "/../../admin/x",
        "/admin/.", "/admin/..", "/admin/x/..", "/admin/./x", "/%61dmin", "/%61%64%6d%69%6e", "/%61dmin/x", "/adm%69n", "/%2e/admin", "/x/%2e%2e/admin", "/x/%2E%2E/admin",
        "/x/.%2e/admin", "/x/%2e./admin", "/%2fadmin", "/admin%2fx", "/admin%2Fx", "/x%2f..%2fadmin", "/admin%5cx", "/x\\..\\admin", "\\admin", "/\\admin", "/x/..\\admin",
        "/x/..;/admin", "/x/..;a=b/admin", "/;/admin", "/admin;x", "/admin;x=y/z", "/./;/admin", "//admin", "///admin", "/x//../admin", "//x/../admin", "/admin//x",
        "/admin%00", "/admin%00.html", "/admin%", "/admin%2", "/admin%zz", "/%c0%ae%c0%ae/admin", "/x/%c0%ae%c0%ae/admin", "/%u0061dmin", "/admin%20", "/admin%09", "/admin#x", "/x#/../admin",
        "http://orders/admin", "http://orders//admin", "http://orders/x/../admin", "/%25%36%31dmin", "/admin%252fx", "/x/%252e%252e/admin", "/admin/%2e%2e/admin", "/ADMIN/../admin", "/admin.", "/admin./",
    ];

    public static TheoryData<string> Spellings => [.. s_spellings];

    [Theory]
    [MemberData(nameof(Spellings))]
    public async Task Http1_Denied_NoSpellingOfItReachesTheApplication(string target)
    {
        await using AttackedMesh mesh = await AttackedMesh.StartAsync(policies: s_deny);
        using RawHttp1 raw = new(await mesh.ConnectAsync());

        await raw.SendAsync($"GET {target} HTTP/1.1\r\nHost: orders\r\nConnection: close\r\n\r\n");
        string answer = await raw.RestAsync();

        Check(mesh, target, answer);
    }

    [Fact]
    public async Task Http2_Denied_NoSpellingOfItReachesTheApplication()
    {
        await using AttackedMesh mesh = await AttackedMesh.StartAsync(policies: s_deny);
        foreach (string target in s_spellings)
        {
            await using Stream stream = await mesh.ConnectAsync();
            RawHttp2 raw = await RawHttp2.GreetAsync(stream);
            await raw.HeadersAsync(1, end: true, ":method: GET", ":scheme: http", $":path: {target}", ":authority: orders");

            Check(mesh, target, await raw.EndOfAsync(1));
            mesh.Seen.Clear();
        }

        await mesh.OthersAsync();
    }

    private static void Check(AttackedMesh mesh, string target, string answer)
    {
        Assert.DoesNotContain(mesh.Seen, seen => Readings(seen[(seen.IndexOf(' ', StringComparison.Ordinal) + 1)..]).Any(IsAdmin));
        Assert.True(mesh.Seen.Count <= 1, $"{target} became several requests: {string.Join(", ", mesh.Seen)}");
        Assert.DoesNotContain("HTTP/1.1 500", answer, StringComparison.Ordinal);
    }

    private static bool IsAdmin(string path) => path == "/admin" || path.StartsWith("/admin/", StringComparison.Ordinal);

    // How careless servers read a target: escapes decoded once or twice, backslashes as slashes, parameters cut, slashes merged, dots resolved.
    private static IEnumerable<string> Readings(string target)
    {
        string path = target.Split('?', '#')[0];
        string[] decoded = [path, Uri.UnescapeDataString(path)];
        foreach (string one in decoded)
        {
            foreach (string slashed in new[] { one, one.Replace('\\', '/') })
            {
                foreach (string cut in new[] { slashed, string.Join('/', slashed.Split('/').Select(s => s.Split(';')[0])) })
                {
                    yield return Resolved(cut, merge: false);
                    yield return Resolved(cut, merge: true);
                }
            }
        }
    }

    private static string Resolved(string path, bool merge)
    {
        List<string> kept = [];
        foreach (string segment in path.Split('\0')[0].Split('/').Skip(1))
        {
            if (segment == "..")
            {
                kept = kept.Count > 0 ? kept[..^1] : kept;
            }
            else if (segment != "." && !(merge && segment.Length == 0))
            {
                kept.Add(segment);
            }
        }

        return new StringBuilder("/").AppendJoin('/', kept).ToString();
    }
}
