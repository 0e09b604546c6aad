using System.Text;

namespace Ambient.Kube.Emulator.Authentication;

/// <summary>Writes a kubeconfig for one user of this server.</summary>
internal static class Kubeconfig
{
    public static string For(string serverUrl, string caPem, string user, string certificatePem, string keyPem) =>
        $"""
        apiVersion: v1
        kind: Config
        clusters:
        - name: ambient
          cluster:
            server: {serverUrl}
            certificate-authority-data: {Encode(caPem)}
        users:
        - name: {user}
          user:
            client-certificate-data: {Encode(certificatePem)}
            client-key-data: {Encode(keyPem)}
        contexts:
        - name: ambient
          context:
            cluster: ambient
            user: {user}
        current-context: ambient

        """;

    private static string Encode(string pem) => Convert.ToBase64String(Encoding.ASCII.GetBytes(pem));
}
