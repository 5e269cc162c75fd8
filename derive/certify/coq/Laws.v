(* Laws of finite sums, deltas and coordinate derivatives, and the tactics of proof scripts. Everything is proved. *)
From Coq Require Import Reals ZArith Lra Lia FunctionalExtensionality.
From Coquelicot Require Import Coquelicot.
Require Import Vocabulary.
Open Scope R_scope.

(* ---- finite sums ------------------------------------------------------------------------------------------- *)

Lemma add_up_ext c : forall low f g,
  (forall k : Z, (low <= k < low + Z.of_nat c)%Z -> f k = g k) -> add_up c low f = add_up c low g.
Proof.
  induction c as [|c IH]; intros low f g H; simpl; [reflexivity|].
  rewrite (H low) by lia; f_equal; apply IH; intros k Hk; apply H; lia.
Qed.

Lemma Sum_ext low high f g :
  (forall k : Z, (low <= k <= high)%Z -> f k = g k) -> Sum low high f = Sum low high g.
Proof. intros H; apply add_up_ext; intros k Hk; apply H; lia. Qed.

Lemma add_up_plus c : forall low f g, add_up c low (fun k => f k + g k) = add_up c low f + add_up c low g.
Proof. induction c as [|c IH]; intros low f g; simpl; [ring|]. rewrite IH; ring. Qed.

Lemma Sum_plus low high f g : Sum low high (fun k => f k + g k) = Sum low high f + Sum low high g.
Proof. apply add_up_plus. Qed.

Lemma add_up_scal c a : forall low f, add_up c low (fun k => a * f k) = a * add_up c low f.
Proof. induction c as [|c IH]; intros low f; simpl; [ring|]. rewrite IH; ring. Qed.

Lemma Sum_scal low high a f : Sum low high (fun k => a * f k) = a * Sum low high f.
Proof. apply add_up_scal. Qed.

Lemma add_up_const c a : forall low, add_up c low (fun _ => a) = IZR (Z.of_nat c) * a.
Proof.
  induction c as [|c IH]; intros low; simpl add_up; [simpl; ring|].
  rewrite IH, Nat2Z.inj_succ, succ_IZR; ring.
Qed.

Lemma Sum_const low high a : (low <= high + 1)%Z -> Sum low high (fun _ => a) = IZR (high - low + 1) * a.
Proof. intros H; unfold Sum; rewrite add_up_const, Z2Nat.id by lia; reflexivity. Qed.

Lemma Sum_count low high c a :
  c = (high - low + 1)%Z -> (low <= high + 1)%Z -> Sum low high (fun _ => a) = IZR c * a.
Proof. intros -> H; apply Sum_const; exact H. Qed.

Lemma add_up_zero c : forall low f,
  (forall k : Z, (low <= k < low + Z.of_nat c)%Z -> f k = 0) -> add_up c low f = 0.
Proof.
  induction c as [|c IH]; intros low f H; simpl; [reflexivity|].
  rewrite (H low) by lia; rewrite IH; [ring|]; intros k Hk; apply H; lia.
Qed.

Lemma Sum_zero low high f : (forall k : Z, (low <= k <= high)%Z -> f k = 0) -> Sum low high f = 0.
Proof. intros H; apply add_up_zero; intros k Hk; apply H; lia. Qed.

Lemma Sum_empty low high f : (high < low)%Z -> Sum low high f = 0.
Proof. intros H; apply Sum_zero; intros; lia. Qed.

Lemma add_up_swap c d : forall low bottom (f : Z -> Z -> R),
  add_up c low (fun i => add_up d bottom (fun k => f i k)) = add_up d bottom (fun k => add_up c low (fun i => f i k)).
Proof.
  induction c as [|c IH]; intros low bottom f; simpl.
  - symmetry; apply add_up_zero; reflexivity.
  - rewrite IH, add_up_plus; reflexivity.
Qed.

Lemma Sum_swap low high bottom top (f : Z -> Z -> R) :
  Sum low high (fun i => Sum bottom top (fun k => f i k)) = Sum bottom top (fun k => Sum low high (fun i => f i k)).
Proof. apply add_up_swap. Qed.

Lemma Sum_first low high f : (low <= high)%Z -> Sum low high f = f low + Sum (low + 1) high f.
Proof.
  intros H; unfold Sum; replace (Z.to_nat (high - low + 1)) with (S (Z.to_nat (high - (low + 1) + 1))) by lia.
  reflexivity.
Qed.

Lemma Sum_next low next high f :
  next = (low + 1)%Z -> (low <= high)%Z -> Sum low high f = f low + Sum next high f.
Proof. intros -> H; apply Sum_first; exact H. Qed.

Lemma add_up_nonneg c : forall low f,
  (forall k : Z, (low <= k < low + Z.of_nat c)%Z -> 0 <= f k) -> 0 <= add_up c low f.
Proof.
  induction c as [|c IH]; intros low f H; simpl; [lra|].
  apply Rplus_le_le_0_compat; [apply H; lia | apply IH; intros k Hk; apply H; lia].
Qed.

Lemma Sum_nonneg low high f : (forall k : Z, (low <= k <= high)%Z -> 0 <= f k) -> 0 <= Sum low high f.
Proof. intros H; apply add_up_nonneg; intros k Hk; apply H; lia. Qed.

Lemma Sum_pos low high f : (low <= high)%Z -> (forall k : Z, (low <= k <= high)%Z -> 0 < f k) -> 0 < Sum low high f.
Proof.
  intros R H; rewrite Sum_first by exact R; apply Rplus_lt_le_0_compat; [apply H; lia|].
  apply Sum_nonneg; intros k Hk; left; apply H; lia.
Qed.

(* ---- Kronecker's delta --------------------------------------------------------------------------------------- *)

Lemma delta_same i : delta i i = 1.
Proof. unfold delta; rewrite Z.eqb_refl; reflexivity. Qed.

Lemma delta_equal i j : i = j -> delta i j = 1.
Proof. intros ->; apply delta_same. Qed.

Lemma delta_apart i j : i <> j -> delta i j = 0.
Proof. intros H; unfold delta; apply Z.eqb_neq in H; rewrite H; reflexivity. Qed.

Lemma delta_sym i j : delta i j = delta j i.
Proof. unfold delta; rewrite Z.eqb_sym; reflexivity. Qed.

Lemma if_equal_delta i j a b : if_equal i j a b = delta i j * a + (1 - delta i j) * b.
Proof. unfold if_equal, delta; destruct (Z.eqb i j); ring. Qed.

Lemma if_equal_apart i j a b : i <> j -> if_equal i j a b = b.
Proof. intros H; unfold if_equal; apply Z.eqb_neq in H; rewrite H; reflexivity. Qed.

Lemma if_equal_same i j a b : i = j -> if_equal i j a b = a.
Proof. intros ->; unfold if_equal; rewrite Z.eqb_refl; reflexivity. Qed.

Lemma add_up_delta_out c j : forall low f,
  (j < low \/ low + Z.of_nat c <= j)%Z -> add_up c low (fun k => delta j k * f k) = 0.
Proof. intros low f H; apply add_up_zero; intros k Hk; rewrite delta_apart by lia; ring. Qed.

Lemma add_up_delta c j : forall low f,
  (low <= j < low + Z.of_nat c)%Z -> add_up c low (fun k => delta j k * f k) = f j.
Proof.
  induction c as [|c IH]; intros low f H; simpl add_up; [lia|].
  destruct (Z.eq_dec j low) as [->|N].
  - rewrite delta_same, add_up_delta_out by lia; ring.
  - rewrite delta_apart by exact N; rewrite IH by lia; ring.
Qed.

(* sifting *)
Lemma Sum_delta low high j f : (low <= j <= high)%Z -> Sum low high (fun k => delta j k * f k) = f j.
Proof. intros H; apply add_up_delta; lia. Qed.

Lemma Sum_delta_out low high j f : (j < low \/ high < j)%Z -> Sum low high (fun k => delta j k * f k) = 0.
Proof. intros H; apply Sum_zero; intros k Hk; rewrite delta_apart by lia; ring. Qed.

(* a sum of terms that are not negative exceeds each of them *)
Lemma Sum_ge_term low high j f :
  (low <= j <= high)%Z -> (forall k : Z, (low <= k <= high)%Z -> 0 <= f k) -> 0 <= Sum low high f - f j.
Proof.
  intros Hj Hf; rewrite <- (Sum_delta low high j f Hj).
  replace (Sum low high f - Sum low high (fun k => delta j k * f k))
    with (Sum low high (fun k => (1 - delta j k) * f k)).
  - apply Sum_nonneg; intros k Hk; specialize (Hf k Hk); destruct (Z.eq_dec j k) as [->|N].
    + rewrite delta_same; lra.
    + rewrite delta_apart by exact N; lra.
  - rewrite (Sum_ext low high (fun k => (1 - delta j k) * f k) (fun k => f k + (-1) * (delta j k * f k)))
      by (intros; ring).
    rewrite Sum_plus, Sum_scal; change (Sum low high (fun k => f k)) with (Sum low high f); ring.
Qed.

Lemma Sum_gt_term low high j f : (low <= j <= high)%Z -> (low < high)%Z ->
  (forall k : Z, (low <= k <= high)%Z -> 0 < f k) -> 0 < Sum low high f - f j.
Proof.
  intros Hj Hl Hf; assert (O : exists i, (low <= i <= high)%Z /\ i <> j).
  { destruct (Z.eq_dec j low); [exists high | exists low]; lia. }
  destruct O as [i [Hi N]].
  assert (G := Sum_ge_term low high i (fun k => (1 - delta j k) * f k) Hi).
  assert (E : Sum low high (fun k => (1 - delta j k) * f k) = Sum low high f - f j).
  { rewrite (Sum_ext low high (fun k => (1 - delta j k) * f k) (fun k => f k + (-1) * (delta j k * f k)))
      by (intros; ring).
    rewrite Sum_plus, Sum_scal, Sum_delta by exact Hj; change (Sum low high (fun k => f k)) with (Sum low high f); ring. }
  assert (P : forall k, (low <= k <= high)%Z -> 0 <= (1 - delta j k) * f k).
  { intros k Hk; specialize (Hf k Hk); destruct (Z.eq_dec j k) as [->|D];
      [rewrite delta_same | rewrite delta_apart by exact D]; lra. }
  specialize (G P); cbv beta in G; rewrite E, delta_apart in G by (intros D; apply N; symmetry; exact D).
  specialize (Hf i Hi); lra.
Qed.

(* ---- coordinates --------------------------------------------------------------------------------------------- *)

Lemma upd_id z j : upd z j (z j) = z.
Proof.
  apply functional_extensionality; intros k; unfold upd.
  destruct (Z.eqb k j) eqn:E; [apply Z.eqb_eq in E; subst |]; reflexivity.
Qed.

Lemma upd2_id w p q : upd2 w p q (w p q) = w.
Proof.
  apply functional_extensionality; intros a; apply functional_extensionality; intros b; unfold upd2.
  destruct (Z.eqb a p) eqn:E, (Z.eqb b q) eqn:F; simpl; try reflexivity.
  apply Z.eqb_eq in E; apply Z.eqb_eq in F; subst; reflexivity.
Qed.

Lemma upd_delta z j t k : upd z j t k = z k + delta j k * (t - z k).
Proof. unfold upd, delta; rewrite Z.eqb_sym; destruct (Z.eqb j k); ring. Qed.

Lemma upd2_delta w p q t a b : upd2 w p q t a b = w a b + delta p a * delta q b * (t - w a b).
Proof.
  unfold upd2, delta; rewrite (Z.eqb_sym p a), (Z.eqb_sym q b).
  destruct (Z.eqb a p), (Z.eqb b q); simpl; ring.
Qed.

(* ---- derivatives: one law for each head ------------------------------------------------------------------------ *)

Lemma D_eq (f : R -> R) (x d d' : R) : is_derive f x d' -> d' = d -> is_derive f x d.
Proof. intros H E; rewrite <- E; exact H. Qed.

Lemma D_const (c x : R) : is_derive (fun _ : R => c) x 0.
Proof. apply (is_derive_const c x). Qed.

Lemma D_id (x : R) : is_derive (fun t : R => t) x 1.
Proof. apply (is_derive_id x). Qed.

Lemma D_upd z j k x : is_derive (fun t => upd z j t k) x (delta j k).
Proof.
  unfold upd, delta; rewrite Z.eqb_sym; destruct (Z.eqb j k); [apply D_id | apply D_const].
Qed.

Lemma D_upd2 w p q a b x : is_derive (fun t => upd2 w p q t a b) x (delta p a * delta q b).
Proof.
  unfold upd2, delta; rewrite (Z.eqb_sym p a), (Z.eqb_sym q b).
  destruct (Z.eqb a p), (Z.eqb b q); simpl.
  - eapply D_eq; [apply D_id | ring].
  - eapply D_eq; [apply D_const | ring].
  - eapply D_eq; [apply D_const | ring].
  - eapply D_eq; [apply D_const | ring].
Qed.

Lemma D_plus (f g : R -> R) (x df dg : R) :
  is_derive f x df -> is_derive g x dg -> is_derive (fun t => f t + g t) x (df + dg).
Proof. intros; apply (is_derive_plus f g x df dg); assumption. Qed.

Lemma D_opp (f : R -> R) (x df : R) : is_derive f x df -> is_derive (fun t => - f t) x (- df).
Proof. intros; apply (is_derive_opp f x df); assumption. Qed.

Lemma D_minus (f g : R -> R) (x df dg : R) :
  is_derive f x df -> is_derive g x dg -> is_derive (fun t => f t - g t) x (df - dg).
Proof. intros; apply (is_derive_minus f g x df dg); assumption. Qed.

Lemma D_mult (f g : R -> R) (x df dg : R) :
  is_derive f x df -> is_derive g x dg -> is_derive (fun t => f t * g t) x (df * g x + f x * dg).
Proof. intros; apply (is_derive_mult f g x df dg); try assumption; intros; apply Rmult_comm. Qed.

Lemma D_inv (f : R -> R) (x df : R) :
  is_derive f x df -> f x <> 0 -> is_derive (fun t => / f t) x (- df / (f x * f x)).
Proof. intros; eapply D_eq; [apply is_derive_inv; eassumption | simpl; field; assumption]. Qed.

Lemma D_div (f g : R -> R) (x df dg : R) : is_derive f x df -> is_derive g x dg -> g x <> 0 ->
  is_derive (fun t => f t / g t) x ((df * g x - f x * dg) / (g x * g x)).
Proof. intros H1 H2 H3; eapply D_eq; [apply is_derive_div; eassumption | simpl; field; exact H3]. Qed.

(* division by what does not depend on the variable needs no condition *)
Lemma D_over (f : R -> R) (c x df : R) : is_derive f x df -> is_derive (fun t => f t / c) x (df / c).
Proof.
  intros H; eapply D_eq; [apply (D_mult f (fun _ => / c) x df 0 H (D_const (/ c) x)) | unfold Rdiv; ring].
Qed.

Lemma D_pow (f : R -> R) (p : nat) (x df : R) :
  is_derive f x df -> is_derive (fun t => f t ^ p) x (IZR (Z.of_nat p) * df * f x ^ pred p).
Proof. intros H; rewrite <- INR_IZR_INZ; apply is_derive_pow; exact H. Qed.

Lemma D_exp (f : R -> R) (x df : R) : is_derive f x df -> is_derive (fun t => exp (f t)) x (df * exp (f x)).
Proof. intros H; apply (is_derive_comp exp f); [apply is_derive_exp | exact H]. Qed.

Lemma D_ln (f : R -> R) (x df : R) : is_derive f x df -> 0 < f x -> is_derive (fun t => ln (f t)) x (df / f x).
Proof. intros H P; apply (is_derive_comp ln f); [apply is_derive_ln; exact P | exact H]. Qed.

Lemma D_sqrt (f : R -> R) (x df : R) :
  is_derive f x df -> 0 < f x -> is_derive (fun t => sqrt (f t)) x (df / (2 * sqrt (f x))).
Proof. intros H P; apply is_derive_sqrt; assumption. Qed.

Lemma D_sin (f : R -> R) (x df : R) : is_derive f x df -> is_derive (fun t => sin (f t)) x (df * cos (f x)).
Proof. intros H; apply (is_derive_comp sin f); [apply is_derive_sin | exact H]. Qed.

Lemma D_cos (f : R -> R) (x df : R) : is_derive f x df -> is_derive (fun t => cos (f t)) x (df * - sin (f x)).
Proof. intros H; apply (is_derive_comp cos f); [apply is_derive_cos | exact H]. Qed.

Lemma D_if_equal (f g : R -> R) (i j : Z) (x df dg : R) : is_derive f x df -> is_derive g x dg ->
  is_derive (fun t => if_equal i j (f t) (g t)) x (if_equal i j df dg).
Proof. intros; unfold if_equal; destruct (Z.eqb i j); assumption. Qed.

Lemma D_add_up (F : Z -> R -> R) x (d : Z -> R) c : forall low,
  (forall k : Z, (low <= k < low + Z.of_nat c)%Z -> is_derive (F k) x (d k)) ->
  is_derive (fun t => add_up c low (fun k => F k t)) x (add_up c low d).
Proof.
  induction c as [|c IH]; intros low H; simpl add_up.
  - apply (D_const 0 x).
  - apply (D_plus (F low) (fun t => add_up c (low + 1) (fun k => F k t))); [apply H; lia|].
    apply IH; intros k Hk; apply H; lia.
Qed.

Lemma D_Sum low high (F : Z -> R -> R) x (d : Z -> R) :
  (forall k : Z, (low <= k <= high)%Z -> is_derive (F k) x (d k)) ->
  is_derive (fun t => Sum low high (fun k => F k t)) x (Sum low high d).
Proof. intros H; apply D_add_up; intros k Hk; apply H; lia. Qed.

Lemma ex_of (f : R -> R) (x d : R) : is_derive f x d -> ex_derive f x.
Proof. intros H; exists d; exact H. Qed.

(* ---- exponentials, logarithms, roots ----------------------------------------------------------------------------- *)

Lemma exp_times (p : nat) (x : R) : exp x ^ p = exp (IZR (Z.of_nat p) * x).
Proof.
  induction p as [|p IH].
  - simpl; rewrite Rmult_0_l, exp_0; reflexivity.
  - rewrite Nat2Z.inj_succ, succ_IZR, <- tech_pow_Rmult, IH, <- exp_plus; f_equal; ring.
Qed.

Lemma exp_up (p : nat) (x y : R) : y = IZR (Z.of_nat p) * x -> exp y = exp x ^ p.
Proof. intros ->; symmetry; apply exp_times. Qed.

Lemma exp_down (p : nat) (x y : R) : y = - (IZR (Z.of_nat p) * x) -> exp y = / exp x ^ p.
Proof. intros ->; rewrite exp_Ropp, exp_times; reflexivity. Qed.

Lemma exp_ln_up (p : nat) (u y : R) : 0 < u -> y = IZR (Z.of_nat p) * ln u -> exp y = u ^ p.
Proof. intros P ->; rewrite <- exp_times, exp_ln by exact P; reflexivity. Qed.

Lemma exp_ln_down (p : nat) (u y : R) : 0 < u -> y = - (IZR (Z.of_nat p) * ln u) -> exp y = / u ^ p.
Proof. intros P ->; rewrite exp_Ropp, <- exp_times, exp_ln by exact P; reflexivity. Qed.

Lemma ln_power (p : nat) (u : R) : 0 < u -> ln (u ^ p) = IZR (Z.of_nat p) * ln u.
Proof.
  intros P; apply exp_inv; rewrite exp_ln by (apply pow_lt; exact P).
  rewrite <- exp_times, exp_ln by exact P; reflexivity.
Qed.

Lemma ln_over_power (p : nat) (u : R) : 0 < u -> ln (/ u ^ p) = - (IZR (Z.of_nat p) * ln u).
Proof. intros P; rewrite ln_Rinv by (apply pow_lt; exact P); rewrite ln_power by exact P; reflexivity. Qed.

Lemma sqrt_square u : 0 <= u -> sqrt u * sqrt u = u.
Proof. apply sqrt_sqrt. Qed.

(* the root of what is not positive is 0 *)
Lemma sqrt_nonzero u : sqrt u <> 0 -> 0 < u.
Proof. intros H; destruct (Rlt_le_dec 0 u) as [P|N]; [exact P | destruct H; apply sqrt_neg_0; exact N]. Qed.

Lemma cosh_pos x : 0 < cosh x.
Proof. unfold cosh; assert (H := exp_pos x); assert (H' := exp_pos (- x)); lra. Qed.

Lemma tanh_exp x : tanh x = (exp x - exp (- x)) / (exp x + exp (- x)).
Proof.
  assert (H := exp_pos x); assert (H' := exp_pos (- x)); unfold tanh, sinh, cosh; field; lra.
Qed.

Lemma D_along (F G f : R -> R) (x df : R) :
  (forall u, is_derive F u (G u)) -> is_derive f x df -> is_derive (fun t => F (f t)) x (df * G (f x)).
Proof. intros H K; apply (is_derive_comp F f); [apply H | exact K]. Qed.

Lemma D_both (u : R) :
  is_derive (fun t => exp t) u (exp u) /\ is_derive (fun t => exp (- t)) u (- exp (- u)).
Proof.
  split.
  - apply is_derive_exp.
  - apply (D_eq _ _ _ (- (1) * exp (- u))); [apply (D_exp (fun t => - t)), (D_opp (fun t => t)), D_id | ring].
Qed.

Lemma D_sinh (f : R -> R) (x df : R) : is_derive f x df -> is_derive (fun t => sinh (f t)) x (df * cosh (f x)).
Proof.
  apply (D_along sinh cosh f x df); intros u; destruct (D_both u) as [P M]; unfold sinh, cosh.
  apply (D_eq _ _ _ ((exp u - - exp (- u)) / 2)); [|field].
  apply (D_over (fun t => exp t - exp (- t))), (D_minus (fun t => exp t) (fun t => exp (- t))); assumption.
Qed.

Lemma D_cosh (f : R -> R) (x df : R) : is_derive f x df -> is_derive (fun t => cosh (f t)) x (df * sinh (f x)).
Proof.
  apply (D_along cosh sinh f x df); intros u; destruct (D_both u) as [P M]; unfold sinh, cosh.
  apply (D_eq _ _ _ ((exp u + - exp (- u)) / 2)); [|field].
  apply (D_over (fun t => exp t + exp (- t))), (D_plus (fun t => exp t) (fun t => exp (- t))); assumption.
Qed.

Lemma D_tanh (f : R -> R) (x df : R) :
  is_derive f x df -> is_derive (fun t => tanh (f t)) x (df * (1 - tanh (f x) * tanh (f x))).
Proof.
  apply (D_along tanh (fun u => 1 - tanh u * tanh u) f x df); intros u; assert (H := cosh_pos u); unfold tanh.
  apply (D_eq _ _ _ (((1 * cosh u) * cosh u - sinh u * (1 * sinh u)) / (cosh u * cosh u))).
  - apply (D_div (fun t => sinh t) (fun t => cosh t)).
    + apply (D_sinh (fun t => t)), D_id.
    + apply (D_cosh (fun t => t)), D_id.
    + apply Rgt_not_eq; exact H.
  - field; apply Rgt_not_eq; exact H.
Qed.

Lemma Rpower_exp x y : Rpower x y = exp (y * ln x).
Proof. reflexivity. Qed.

Lemma not_zero_product a b : a * b <> 0 -> a <> 0 /\ b <> 0.
Proof. intros H; split; intros E; apply H; rewrite E; ring. Qed.

Lemma near_all (x : R) (P : R -> Prop) : (forall t, P t) -> locally x P.
Proof. intros H; apply filter_forall; exact H. Qed.

Lemma D_ext (f g : R -> R) (x d : R) : (forall t, f t = g t) -> is_derive f x d -> is_derive g x d.
Proof. intros E H; apply (is_derive_ext f g x d E H). Qed.

Lemma D_near (f g : R -> R) (x d : R) : locally x (fun t => f t = g t) -> is_derive f x d -> is_derive g x d.
Proof. intros E H; apply (is_derive_ext_loc f g x d E H). Qed.

(* what has a derivative and is positive at a point is positive near it *)
Lemma positive_near (f : R -> R) (x d : R) : is_derive f x d -> 0 < f x -> locally x (fun t => 0 < f t).
Proof.
  intros H P; assert (C : continuity_pt f x).
  { apply derivable_continuous_pt; exists d; apply is_derive_Reals; exact H. }
  apply continuity_pt_locally with (eps := mkposreal (f x) P) in C; revert C; apply filter_imp; simpl; intros t B.
  apply Rabs_def2 in B; lra.
Qed.

Lemma near_and (x : R) (P Q : R -> Prop) : locally x P -> locally x Q -> locally x (fun t => P t /\ Q t).
Proof. intros H K; apply filter_and; assumption. Qed.

Lemma near_by (x : R) (P Q : R -> Prop) : locally x P -> (forall t, P t -> Q t) -> locally x Q.
Proof. intros H I; apply (filter_imp P Q I H). Qed.

Lemma less_by (a b d : R) : b - a = d -> 0 < d -> a < b.
Proof. intros E H; lra. Qed.

Lemma at_most_by (a b d : R) : b - a = d -> 0 <= d -> a <= b.
Proof. intros E H; lra. Qed.

Lemma unequal_by (a b d : R) : b - a = d -> d <> 0 -> a <> b.
Proof. intros E H K; apply H; lra. Qed.

Lemma positive_factor (a b : R) : 0 < a * b -> 0 < b -> 0 < a.
Proof. intros H P; apply (Rmult_lt_reg_r b); [exact P | rewrite Rmult_0_l; exact H]. Qed.

Lemma nonnegative_factor (a b : R) : 0 <= a * b -> 0 < b -> 0 <= a.
Proof. intros H P; apply (Rmult_le_reg_r b); [exact P | rewrite Rmult_0_l; exact H]. Qed.

Lemma solved_by (c l r a b : R) : c <> 0 -> l = r -> l - r = c * (a - b) -> a = b.
Proof. intros H E D; assert (Z : c * (a - b) = 0) by lra; apply Rmult_integral in Z; destruct Z; [contradiction | lra]. Qed.

(* ---- determinants ------------------------------------------------------------------------------------------------ *)

Lemma laplace_ext c : forall a b,
  (forall p q : Z, (0 <= p < Z.of_nat c)%Z -> (0 <= q < Z.of_nat c)%Z -> a p q = b p q) -> laplace c a = laplace c b.
Proof.
  induction c as [|c IH]; intros a b H; [reflexivity|].
  cbn [laplace]; apply add_up_ext; intros j Hj.
  rewrite (H 0%Z j) by lia; f_equal; apply IH; intros p q Hp Hq; apply H; unfold without; try destruct (Z.ltb_spec q j); lia.
Qed.

Lemma laplace_S c a : laplace (S c) a = add_up (S c) 0%Z
  (fun j => alternating j * a 0%Z j * laplace c (fun p q => a (p + 1)%Z (without j q))).
Proof. reflexivity. Qed.

Definition row (a : Z -> Z -> R) (k : Z) (r : Z -> R) : Z -> Z -> R := fun p q => if Z.eqb p k then r q else a p q.

Lemma row_here a k r q : row a k r k q = r q.
Proof. unfold row; rewrite Z.eqb_refl; reflexivity. Qed.

Lemma row_there a k r p q : p <> k -> row a k r p q = a p q.
Proof. intros H; unfold row; apply Z.eqb_neq in H; rewrite H; reflexivity. Qed.

Lemma add_up_linear c x y : forall low f g,
  add_up c low (fun k => x * f k + y * g k) = x * add_up c low f + y * add_up c low g.
Proof. intros low f g; rewrite add_up_plus, !add_up_scal; reflexivity. Qed.

Lemma laplace_linear c : forall a k r s x y, (0 <= k < Z.of_nat c)%Z ->
  laplace c (row a k (fun q => x * r q + y * s q)) = x * laplace c (row a k r) + y * laplace c (row a k s).
Proof.
  induction c as [|c IH]; intros a k r s x y Hk; [lia|].
  rewrite !laplace_S, <- add_up_linear; apply add_up_ext; intros j Hj.
  destruct (Z.eq_dec k 0) as [->|N].
  - rewrite !row_here.
    rewrite (laplace_ext c (fun p q => row a 0 r (p + 1) (without j q)) (fun p q => a (p + 1)%Z (without j q)))
      by (intros; apply row_there; lia).
    rewrite (laplace_ext c (fun p q => row a 0 s (p + 1) (without j q)) (fun p q => a (p + 1)%Z (without j q)))
      by (intros; apply row_there; lia).
    rewrite (laplace_ext c (fun p q => row a 0 _ (p + 1) (without j q)) (fun p q => a (p + 1)%Z (without j q)))
      by (intros; apply row_there; lia).
    ring.
  - rewrite !(row_there _ _ _ 0) by lia.
    assert (E : forall t : Z -> R, laplace c (fun p q => row a k t (p + 1) (without j q))
      = laplace c (row (fun p q => a (p + 1)%Z (without j q)) (k - 1) (fun q => t (without j q)))).
    { intros t; apply laplace_ext; intros p q Hp Hq; unfold row.
      destruct (Z.eqb_spec (p + 1) k), (Z.eqb_spec p (k - 1)); try lia; reflexivity. }
    rewrite !E, (IH _ (k - 1)%Z (fun q => r (without j q)) (fun q => s (without j q))) by lia; ring.
Qed.

Lemma laplace_no_row c a k : (0 <= k < Z.of_nat c)%Z -> laplace c (row a k (fun _ => 0)) = 0.
Proof.
  intros H; assert (E := laplace_linear c a k (fun _ => 0) (fun _ => 0) 0 0 H); cbv beta in E.
  rewrite (laplace_ext c _ (row a k (fun _ => 0 * 0 + 0 * 0)))
    by (intros p q _ _; unfold row; destruct (Z.eqb p k); ring).
  rewrite E; ring.
Qed.

Lemma add_up_shift c : forall low d f, add_up c (low + d) f = add_up c low (fun k => f (k + d)%Z).
Proof.
  induction c as [|c IH]; intros low d f; simpl; [reflexivity|].
  f_equal; replace (low + d + 1)%Z with (low + 1 + d)%Z by lia; apply IH.
Qed.

Lemma add_up_last c : forall low f, add_up (S c) low f = add_up c low f + f (low + Z.of_nat c)%Z.
Proof.
  induction c as [|c IH]; intros low f.
  - simpl; replace (low + 0)%Z with low by lia; ring.
  - change (add_up (S (S c)) low f) with (f low + add_up (S c) (low + 1) f); rewrite IH.
    replace (low + 1 + Z.of_nat c)%Z with (low + Z.of_nat (S c))%Z by lia; simpl; ring.
Qed.

Lemma add_up_opp c : forall low f, add_up c low (fun k => - f k) = - add_up c low f.
Proof. induction c as [|c IH]; intros low f; simpl; [ring|]. rewrite IH; ring. Qed.

Lemma alternating_next j : alternating (j + 1) = - alternating j.
Proof. unfold alternating; rewrite Z.add_1_r, Z.even_succ, <- Z.negb_even; destruct (Z.even j); simpl; ring. Qed.

(* two first rows that are equal *)
Lemma laplace_first_two c a :
  (forall q : Z, (0 <= q < Z.of_nat (S (S c)))%Z -> a 0%Z q = a 1%Z q) -> laplace (S (S c)) a = 0.
Proof.
  intros H.
  pose (n := fun j q => laplace c (fun p r => a (p + 2)%Z (without j (without q r)))).
  pose (t := fun j q => alternating j * a 0%Z j * (alternating q * a 1%Z (without j q) * n j q)).
  assert (E : laplace (S (S c)) a = add_up (S (S c)) 0 (fun j => add_up (S c) 0 (fun q => t j q))).
  { rewrite laplace_S; apply add_up_ext; intros j Hj; unfold t.
    rewrite laplace_S, <- add_up_scal; apply add_up_ext; intros q Hq; cbv beta.
    change (0 + 1)%Z with 1%Z; unfold n; do 2 f_equal; apply laplace_ext; intros p r Hp Hr; f_equal; lia. }
  pose (u := fun j q : Z => if Z.ltb q j then t j q else 0).
  pose (v := fun j q : Z => if Z.ltb q j then 0 else t j q).
  assert (S1 : add_up (S (S c)) 0 (fun j => add_up (S c) 0 (fun q => t j q))
    = add_up (S (S c)) 0 (fun j => add_up (S c) 0 (fun q => u j q))
    + add_up (S (S c)) 0 (fun j => add_up (S c) 0 (fun q => v j q))).
  { rewrite <- add_up_plus; apply add_up_ext; intros j Hj; rewrite <- add_up_plus; apply add_up_ext; intros q Hq.
    unfold u, v; destruct (Z.ltb q j); ring. }
  assert (S2 : add_up (S (S c)) 0 (fun j => add_up (S c) 0 (fun q => v j q))
    = - add_up (S (S c)) 0 (fun j => add_up (S c) 0 (fun q => u j q))).
  { rewrite add_up_swap.
    transitivity (add_up (S c) 0 (fun q => - add_up (S c) 0 (fun k => u (q + 1)%Z k))).
    - apply add_up_ext; intros q Hq; rewrite add_up_last.
      assert (Z0 : v (0 + Z.of_nat (S c))%Z q = 0).
      { unfold v; destruct (Z.ltb_spec q (0 + Z.of_nat (S c))); [reflexivity | lia]. }
      rewrite Z0, Rplus_0_r.
      rewrite <- add_up_opp; apply add_up_ext; intros k Hk; cbv beta; unfold u, v.
      destruct (Z.ltb_spec q k), (Z.ltb_spec k (q + 1)); try lia; [ring|].
      unfold t; rewrite alternating_next.
      replace (without k q) with (q + 1)%Z by (unfold without; destruct (Z.ltb_spec q k); lia).
      replace (without (q + 1) k) with k by (unfold without; destruct (Z.ltb_spec k (q + 1)); lia).
      rewrite <- (H k), <- (H (q + 1)%Z) by lia.
      replace (n (q + 1)%Z k) with (n k q); [ring|].
      unfold n; apply laplace_ext; intros p r Hp Hr; f_equal; unfold without.
      destruct (Z.ltb_spec r q), (Z.ltb_spec r k); try lia;
        repeat match goal with |- context [Z.ltb ?x ?y] => destruct (Z.ltb_spec x y) end; lia.
    - rewrite (add_up_opp (S c) 0 (fun q => add_up (S c) 0 (fun k => u (q + 1)%Z k))); f_equal.
      change (add_up (S (S c)) 0 (fun j => add_up (S c) 0 (fun q => u j q)))
        with (add_up (S c) 0 (fun q => u 0%Z q) + add_up (S c) (0 + 1) (fun j => add_up (S c) 0 (fun q => u j q))).
      rewrite (add_up_zero (S c) 0 (fun q => u 0%Z q)).
      2: { intros q Hq; unfold u; destruct (Z.ltb_spec q 0); [lia | reflexivity]. }
      rewrite Rplus_0_l; symmetry; apply (add_up_shift (S c) 0 1). }
  rewrite E, S1, S2; ring.
Qed.

Definition first_exchanged (a : Z -> Z -> R) : Z -> Z -> R :=
  fun p q => if Z.eqb p 0 then a 1%Z q else if Z.eqb p 1 then a 0%Z q else a p q.

Lemma laplace_first_exchanged c a : laplace (S (S c)) (first_exchanged a) = - laplace (S (S c)) a.
Proof.
  pose (two := fun r s : Z -> R => laplace (S (S c)) (row (row a 0 r) 1 s)).
  assert (L1 : forall r s s', two r (fun q => 1 * s q + 1 * s' q) = two r s + two r s').
  { intros r s s'; unfold two; rewrite laplace_linear by lia; ring. }
  assert (C : forall r s, two r s = laplace (S (S c)) (row (row a 1 s) 0 r)).
  { intros r s; apply laplace_ext; intros p q _ _; unfold row.
    destruct (Z.eqb_spec p 1), (Z.eqb_spec p 0); try lia; reflexivity. }
  assert (L0 : forall r r' s, two (fun q => 1 * r q + 1 * r' q) s = two r s + two r' s).
  { intros r r' s; rewrite !C, laplace_linear by lia; ring. }
  assert (Z2 : forall r, two r r = 0).
  { intros r; unfold two; apply laplace_first_two; intros q _.
    rewrite row_here, row_there by lia; apply row_here. }
  pose (r := fun q => a 0%Z q); pose (s := fun q => a 1%Z q).
  assert (A : two r s = laplace (S (S c)) a).
  { apply laplace_ext; intros p q _ _; unfold row, r, s.
    destruct (Z.eqb_spec p 1); [subst; reflexivity|]; destruct (Z.eqb_spec p 0); [subst|]; reflexivity. }
  assert (B : two s r = laplace (S (S c)) (first_exchanged a)).
  { apply laplace_ext; intros p q _ _; unfold row, first_exchanged, r, s.
    destruct (Z.eqb_spec p 1), (Z.eqb_spec p 0); try lia; reflexivity. }
  assert (T := Z2 (fun q => 1 * r q + 1 * s q)); rewrite L0, !L1, !Z2, A, B in T; lra.
Qed.

(* two rows that are equal *)
Lemma laplace_equal_rows c : forall a i j, (0 <= i < j)%Z -> (j < Z.of_nat c)%Z ->
  (forall q : Z, (0 <= q < Z.of_nat c)%Z -> a i q = a j q) -> laplace c a = 0.
Proof.
  induction c as [|c IH]; intros a i j Hi Hj H; [lia|].
  assert (Later : forall b i j, (1 <= i < j)%Z -> (j < Z.of_nat (S c))%Z ->
    (forall q : Z, (0 <= q < Z.of_nat (S c))%Z -> b i q = b j q) -> laplace (S c) b = 0).
  { clear a i j Hi Hj H; intros b i j Hi Hj H; rewrite laplace_S; apply add_up_zero; intros k Hk.
    rewrite (IH _ (i - 1)%Z (j - 1)%Z); [ring | lia | lia |].
    intros q Hq; cbv beta; replace (i - 1 + 1)%Z with i by lia; replace (j - 1 + 1)%Z with j by lia.
    apply H; unfold without; destruct (Z.ltb_spec q k); lia. }
  destruct (Z.eq_dec i 0) as [->|N]; [|apply (Later a i j); [lia | lia | exact H]].
  destruct c as [|c]; [lia|].
  destruct (Z.eq_dec j 1) as [->|M]; [apply laplace_first_two; exact H|].
  assert (X := laplace_first_exchanged c a).
  rewrite (Later (first_exchanged a) 1%Z j) in X; [lra | lia | lia |].
  intros q Hq; unfold first_exchanged; cbv iota beta.
  replace (Z.eqb j 0) with false by (symmetry; apply Z.eqb_neq; lia).
  replace (Z.eqb j 1) with false by (symmetry; apply Z.eqb_neq; lia).
  simpl; apply H; exact Hq.
Qed.

Lemma laplace_sum c a k (Hk : (0 <= k < Z.of_nat c)%Z) (x : Z -> R) (r : Z -> Z -> R) n : forall low,
  laplace c (row a k (fun q => add_up n low (fun m => x m * r m q)))
  = add_up n low (fun m => x m * laplace c (row a k (r m))).
Proof.
  induction n as [|n IH]; intros low.
  - apply (laplace_no_row c a k Hk).
  - cbn [add_up]; rewrite <- IH, <- (Rmult_1_l (laplace c (row a k (fun q => add_up n (low + 1) _)))).
    rewrite <- laplace_linear by exact Hk; apply laplace_ext; intros p q _ _; unfold row; destruct (Z.eqb p k); ring.
Qed.

(* the minor of an entry, with its sign, by the inverse *)
Lemma laplace_cofactor c a b k l : (0 <= k < Z.of_nat c)%Z -> (0 <= l < Z.of_nat c)%Z ->
  (forall q, (0 <= q < Z.of_nat c)%Z -> add_up c 0 (fun m => b l m * a m q) = delta l q) ->
  laplace c (row a k (delta l)) = laplace c a * b l k.
Proof.
  intros Hk Hl H.
  transitivity (laplace c (row a k (fun q => add_up c 0 (fun m => b l m * a m q)))).
  { apply laplace_ext; intros p q _ Hq; unfold row; destruct (Z.eqb p k); [symmetry; apply H; exact Hq | reflexivity]. }
  rewrite (laplace_sum c a k Hk (b l) a c 0).
  transitivity (add_up c 0 (fun m => delta k m * (b l m * laplace c a))).
  - apply add_up_ext; intros m Hm; destruct (Z.eq_dec k m) as [<-|N].
    + rewrite delta_same, Rmult_1_l; f_equal; apply laplace_ext; intros p q _ _; unfold row.
      destruct (Z.eqb_spec p k); [subst|]; reflexivity.
    + rewrite delta_apart by exact N.
      assert (Z0 : laplace c (row a k (a m)) = 0).
      { destruct (Z.lt_ge_cases k m).
        - apply (laplace_equal_rows c _ k m); [lia | lia |]; intros q _; rewrite row_here, row_there by lia; reflexivity.
        - apply (laplace_equal_rows c _ m k); [lia | lia |]; intros q _; rewrite row_here, row_there by lia; reflexivity. }
      rewrite Z0; ring.
  - rewrite add_up_delta by lia; ring.
Qed.

Lemma det_laplace low high a :
  det low high a = laplace (Z.to_nat (high - low + 1)) (fun p q => a (low + p)%Z (low + q)%Z).
Proof. reflexivity. Qed.

Lemma det_ext low high a b :
  (forall i : Z, (low <= i <= high)%Z -> forall j : Z, (low <= j <= high)%Z -> a i j = b i j) -> det low high a = det low high b.
Proof. intros H; apply laplace_ext; intros p q Hp Hq; apply H; lia. Qed.

(* the entry at (k, l) replaced by t *)
Lemma D_det low high a k l x : (low <= k <= high)%Z -> (low <= l <= high)%Z ->
  is_derive (fun t => det low high (fun i j => upd2 a k l t i j)) x
    (det low high (fun i j => if_equal i k (delta l j) (a i j))).
Proof.
  intros Hk Hl.
  pose (c := Z.to_nat (high - low + 1)); pose (e := fun p q => a (low + p)%Z (low + q)%Z).
  assert (E : forall t, det low high (fun i j => upd2 a k l t i j)
    = 1 * laplace c e + (t - a k l) * laplace c (row e (k - low) (delta (l - low)))).
  { intros t; rewrite <- (Rmult_1_l (laplace c e)) at 1.
    replace (laplace c e) with (laplace c (row e (k - low) (e (k - low)%Z))).
    - rewrite Rmult_1_l, <- laplace_linear by lia; apply laplace_ext; intros p q Hp Hq.
      rewrite upd2_delta; unfold row, e; destruct (Z.eqb_spec p (k - low)) as [->|N].
      + replace (low + (k - low))%Z with k by lia; rewrite delta_same.
        destruct (Z.eq_dec l (low + q)) as [->|M].
        * replace (low + q - low)%Z with q by lia; rewrite !delta_same; ring.
        * rewrite !delta_apart by lia; ring.
      + rewrite (delta_apart k) by lia; ring.
    - apply laplace_ext; intros p q _ _; unfold row; destruct (Z.eqb_spec p (k - low)); [subst|]; reflexivity. }
  apply (is_derive_ext (fun t => 1 * laplace c e + (t - a k l) * laplace c (row e (k - low) (delta (l - low))))).
  { intros t; symmetry; apply E. }
  apply (D_eq _ _ _ ((0 * laplace c e + 1 * 0) + ((1 - 0) * laplace c (row e (k - low) (delta (l - low))) + (x - a k l) * 0))).
  - apply (D_plus (fun _ => 1 * laplace c e) (fun t => (t - a k l) * _)).
    + apply (D_mult (fun _ => 1) (fun _ => laplace c e)); apply D_const.
    + apply (D_mult (fun t => t - a k l) (fun _ => laplace c (row e (k - low) (delta (l - low))))); [|apply D_const].
      apply (D_minus (fun t => t) (fun _ => a k l)); [apply D_id | apply D_const].
  - transitivity (laplace c (row e (k - low) (delta (l - low)))); [ring|].
    apply laplace_ext; intros p q Hp Hq; unfold row, e, if_equal.
    destruct (Z.eqb_spec p (k - low)), (Z.eqb_spec (low + p) k); try lia; [|reflexivity].
    destruct (Z.eq_dec l (low + q)) as [->|M].
    + replace (low + q - low)%Z with q by lia; rewrite !delta_same; reflexivity.
    + rewrite !delta_apart by lia; reflexivity.
Qed.

Lemma det_cofactor low high a b k l : (low <= k <= high)%Z -> (low <= l <= high)%Z ->
  (forall i : Z, (low <= i <= high)%Z -> forall j : Z, (low <= j <= high)%Z ->
    Sum low high (fun m => b i m * a m j) = delta i j) ->
  det low high (fun i j => if_equal i k (delta l j) (a i j)) = det low high a * b l k.
Proof.
  intros Hk Hl H; unfold det.
  pose (c := Z.to_nat (high - low + 1)); pose (e := fun p q => a (low + p)%Z (low + q)%Z).
  pose (d := fun p q => b (low + p)%Z (low + q)%Z).
  transitivity (laplace c (row e (k - low) (delta (l - low)))).
  - apply laplace_ext; intros p q Hp Hq; unfold row, e, if_equal.
    destruct (Z.eqb_spec p (k - low)), (Z.eqb_spec (low + p) k); try lia; [|reflexivity].
    destruct (Z.eq_dec l (low + q)) as [->|M].
    + replace (low + q - low)%Z with q by lia; rewrite !delta_same; reflexivity.
    + rewrite !delta_apart by lia; reflexivity.
  - rewrite (laplace_cofactor c e d (k - low) (l - low)); [| lia | lia |].
    + unfold d; replace (low + (l - low))%Z with l by lia; replace (low + (k - low))%Z with k by lia; reflexivity.
    + intros q Hq; assert (G := H l Hl (low + q)%Z ltac:(lia)); unfold Sum in G.
      fold c in G; replace low with (0 + low)%Z in G at 1 by lia; rewrite add_up_shift in G.
      transitivity (add_up c 0 (fun m => b l (m + low)%Z * a (m + low)%Z (low + q)%Z)).
      * apply add_up_ext; intros m Hm; unfold d, e; replace (low + (l - low))%Z with l by lia.
        rewrite (Z.add_comm low m); reflexivity.
      * rewrite G; destruct (Z.eq_dec l (low + q)) as [->|M].
        -- replace (low + q - low)%Z with q by lia; rewrite !delta_same; reflexivity.
        -- rewrite !delta_apart by lia; reflexivity.
Qed.

(* a matrix has one inverse *)
Lemma inverse_unique low high a b y :
  (forall i : Z, (low <= i <= high)%Z -> forall j : Z, (low <= j <= high)%Z ->
    Sum low high (fun m => b i m * a m j) = delta i j) ->
  (forall i : Z, (low <= i <= high)%Z -> forall j : Z, (low <= j <= high)%Z ->
    Sum low high (fun m => a i m * y m j) = delta i j) ->
  forall i : Z, (low <= i <= high)%Z -> forall j : Z, (low <= j <= high)%Z -> b i j = y i j.
Proof.
  intros H K i Hi j Hj.
  assert (S1 : Sum low high (fun m => Sum low high (fun n => b i m * (a m n * y n j))) = b i j).
  { transitivity (Sum low high (fun m => delta j m * b i m)); [|exact (Sum_delta low high j (fun m => b i m) Hj)].
    apply Sum_ext; intros m Hm; rewrite Sum_scal, K by assumption; rewrite delta_sym; ring. }
  rewrite <- S1, Sum_swap; transitivity (Sum low high (fun n => delta i n * y n j)); [|exact (Sum_delta low high i (fun n => y n j) Hi)].
  apply Sum_ext; intros n Hn; transitivity (Sum low high (fun m => y n j * (b i m * a m n))).
  - apply Sum_ext; intros m Hm; ring.
  - rewrite Sum_scal, H by assumption; ring.
Qed.

(* the inverse of what is symmetric is symmetric *)
Lemma inverse_symmetric low high a b :
  (forall i : Z, (low <= i <= high)%Z -> forall j : Z, (low <= j <= high)%Z -> a i j = a j i) ->
  (forall i : Z, (low <= i <= high)%Z -> forall j : Z, (low <= j <= high)%Z ->
    Sum low high (fun m => a i m * b m j) = delta i j) ->
  forall i : Z, (low <= i <= high)%Z -> forall j : Z, (low <= j <= high)%Z -> b i j = b j i.
Proof.
  intros A H i Hi j Hj.
  assert (S1 : Sum low high (fun n => Sum low high (fun m => b m j * (a m n * b n i))) = b i j).
  { rewrite Sum_swap; transitivity (Sum low high (fun m => delta i m * b m j)); [|exact (Sum_delta low high i (fun m => b m j) Hi)].
    apply Sum_ext; intros m Hm; rewrite Sum_scal, H by assumption; rewrite delta_sym; ring. }
  assert (S2 : Sum low high (fun n => Sum low high (fun m => b m j * (a m n * b n i))) = b j i).
  { transitivity (Sum low high (fun n => delta j n * b n i)); [|exact (Sum_delta low high j (fun n => b n i) Hj)].
    apply Sum_ext; intros n Hn; transitivity (Sum low high (fun m => b n i * (a n m * b m j))).
    - apply Sum_ext; intros m Hm; rewrite (A m Hm n Hn); ring.
    - rewrite Sum_scal, H by assumption; rewrite delta_sym; ring. }
  rewrite <- S1; exact S2.
Qed.

(* what is called the determinant is: for two rows, and for one *)
Lemma det_of_two a : det 1 2 a = a 1%Z 1%Z * a 2%Z 2%Z - a 1%Z 2%Z * a 2%Z 1%Z.
Proof. unfold det; simpl; unfold alternating; simpl; ring. Qed.

Lemma det_of_one a : det 1 1 a = a 1%Z 1%Z.
Proof. unfold det; simpl; unfold alternating; simpl; ring. Qed.

Global Opaque Sum delta if_equal upd upd2 det.

(* ---- tactics: dispatched on syntax, for a failing `apply` on real numbers can take minutes ------------------------ *)

(* a hypothesis that says just this, perhaps for all values of one or two indices *)
Ltac known := match goal with
  | H : ?P |- ?P => exact H
  | H : forall k : Z, _ -> @?P k |- ?G =>
      match goal with k : Z |- _ => let Q := eval cbv beta in (P k) in constr_eq Q G; apply (H k); lia end
  | H : forall k : Z, _ -> forall l : Z, _ -> @?P k l |- ?G =>
      match goal with k : Z, l : Z |- _ =>
        let Q := eval cbv beta in (P k l) in constr_eq Q G; apply (H k ltac:(lia) l); lia end
  end.

Ltac positive := cbv beta; first [known | lazymatch goal with
  | |- 0 < exp _ => apply exp_pos
  | |- 0 < cosh _ => apply cosh_pos
  | |- 0 < Sum _ _ _ => apply Sum_pos; [lia | let k := fresh "k" in let H := fresh "H" in intros k H; positive]
  | |- 0 < _ * _ => apply Rmult_lt_0_compat; positive
  | |- 0 < _ / _ => apply Rdiv_lt_0_compat; positive
  | |- 0 < / _ => apply Rinv_0_lt_compat; positive
  | |- 0 < _ ^ _ => apply pow_lt; positive
  | |- 0 < sqrt _ => apply sqrt_lt_R0; positive
  | |- 0 < PI => apply PI_RGT_0
  | |- 0 < IZR _ => apply IZR_lt; lia
  | |- 0 < _ + _ => first [apply Rplus_lt_0_compat; solve [positive] | apply Rplus_lt_le_0_compat; [positive | nonnegative]
                          | apply Rplus_le_lt_0_compat; [nonnegative | positive]]
  end]
with nonnegative := cbv beta; first [known | lazymatch goal with
  | |- 0 <= Rabs _ => apply Rabs_pos
  | |- 0 <= sqrt _ => apply sqrt_pos
  | |- 0 <= Sum _ _ _ => apply Sum_nonneg; let k := fresh "k" in let H := fresh "H" in intros k H; nonnegative
  | |- 0 <= _ ^ 2 => apply pow2_ge_0
  | |- 0 <= _ ^ 4 => rewrite <- (pow_mult _ 2 2); apply pow2_ge_0
  | |- 0 <= IZR _ => apply IZR_le; lia
  | |- 0 <= ?a * ?a => apply Rle_0_sqr
  | |- 0 <= _ * _ => first [apply Rmult_le_pos; solve [nonnegative] | left; positive]
  | |- 0 <= _ + _ => apply Rplus_le_le_0_compat; nonnegative
  | |- 0 <= _ / _ => apply Rmult_le_pos; [nonnegative | left; apply Rinv_0_lt_compat; positive]
  | |- 0 <= / _ => left; positive
  | |- 0 <= _ => left; positive
  end].

(* what `field`, the derivative laws and sifting ask for *)
Ltac same_up_to_ring := match goal with
  | H : 0 < ?y |- ?x <> 0 => apply Rgt_not_eq; red; replace x with y by ring; exact H
  | H : 0 < ?y |- ?x <> 0 => replace x with (- y) by ring; apply Ropp_neq_0_compat, Rgt_not_eq; exact H
  | H : ?y <> 0 |- ?x <> 0 => replace x with y by ring; exact H
  | H : ?y <> 0 |- ?x <> 0 => replace x with (- y) by ring; apply Ropp_neq_0_compat; exact H
  end.

Ltac side := intros; rewrite ?upd_id, ?upd2_id; repeat match goal with |- _ /\ _ => split end; cbv beta;
  lazymatch goal with
  | |- (_ <= _ <= _)%Z => lia
  | |- (_ <= _)%Z => lia
  | |- 0 < _ => positive
  | |- 0 <= _ => nonnegative
  | |- IZR (Zpos _) <> 0 => apply not_0_IZR; discriminate
  | |- _ <> 0 => first [known | apply Rgt_not_eq; red; solve [positive] | same_up_to_ring]
  end.

Ltac nonzero := cbv beta; first [known | lazymatch goal with
  | |- _ * _ <> 0 => apply Rmult_integral_contrapositive_currified; nonzero
  | |- _ / _ <> 0 => apply Rmult_integral_contrapositive_currified; [nonzero | apply Rinv_neq_0_compat; nonzero]
  | |- / _ <> 0 => apply Rinv_neq_0_compat; nonzero
  | |- _ ^ _ <> 0 => apply pow_nonzero; nonzero
  | |- - _ <> 0 => apply Ropp_neq_0_compat; nonzero
  | |- _ <> 0 => apply Rgt_not_eq; red; positive
  end].

(* structural differentiation *)
Ltac slope := lazymatch goal with
  | |- is_derive (fun _ => ?c) _ _ => apply (D_const c)
  | |- is_derive (fun t => t) _ _ => apply D_id
  | |- is_derive (fun t => upd ?z ?j t ?k) _ _ => apply (D_upd z j k)
  | |- is_derive (fun t => upd2 ?w ?p ?q t ?a ?b) _ _ => apply (D_upd2 w p q a b)
  | |- is_derive (fun t => det ?low ?high (fun i j => upd2 ?a ?k ?l t i j)) _ _ => apply (D_det low high a k l); lia
  | |- is_derive (fun t => @?f t + @?g t) _ _ => eapply (D_plus f g); [slope | slope]
  | |- is_derive (fun t => @?f t - @?g t) _ _ => eapply (D_minus f g); [slope | slope]
  | |- is_derive (fun t => - @?f t) _ _ => eapply (D_opp f); slope
  | |- is_derive (fun t => @?f t * @?g t) _ _ => eapply (D_mult f g); [slope | slope]
  | |- is_derive (fun t => @?f t / @?g t) _ _ =>
      lazymatch g with
      | fun _ => ?c => eapply (D_over f c); slope
      | _ => eapply (D_div f g); [slope | slope | side]
      end
  | |- is_derive (fun t => / @?f t) _ _ => eapply (D_inv f); [slope | side]
  | |- is_derive (fun t => @?f t ^ ?p) _ _ => eapply (D_pow f p); slope
  | |- is_derive (fun t => exp (@?f t)) _ _ => eapply (D_exp f); slope
  | |- is_derive (fun t => ln (@?f t)) _ _ => eapply (D_ln f); [slope | side]
  | |- is_derive (fun t => sqrt (@?f t)) _ _ => eapply (D_sqrt f); [slope | side]
  | |- is_derive (fun t => sin (@?f t)) _ _ => eapply (D_sin f); slope
  | |- is_derive (fun t => cos (@?f t)) _ _ => eapply (D_cos f); slope
  | |- is_derive (fun t => sinh (@?f t)) _ _ => eapply (D_sinh f); slope
  | |- is_derive (fun t => cosh (@?f t)) _ _ => eapply (D_cosh f); slope
  | |- is_derive (fun t => tanh (@?f t)) _ _ => eapply (D_tanh f); slope
  | |- is_derive (fun t => if_equal ?i ?j (@?f t) (@?g t)) _ _ => eapply (D_if_equal f g i j); [slope | slope]
  | |- is_derive (fun t => Sum ?low ?high (@?F t)) _ _ =>
      eapply (D_Sum low high (fun k t => F t k));
      let k := fresh "k" in let H := fresh "H" in intros k H; cbv beta; slope
  end.

Ltac differentiate := eapply D_eq; [cbv beta; slope | cbv beta; rewrite ?upd_id, ?upd2_id].

(* rational identities between generators *)
Ltac deltas := repeat match goal with
  | |- context [delta ?a ?b] =>
      destruct (Z.eq_dec a b); [rewrite (delta_equal a b) by assumption | rewrite (delta_apart a b) by assumption]
  end.
Ltac plainly := first [ring | field; side].
Ltac rational := first [plainly | lazymatch goal with |- context [delta _ _] => deltas; plainly end].
Ltac integers := rewrite ?plus_IZR, ?minus_IZR, ?mult_IZR, ?opp_IZR; rational.

(* ---- concrete numbers ------------------------------------------------------------------------------------------- *)

(* writes out sums between numbers, decides which numbers are equal *)
Ltac written_out := cbv beta;
  repeat match goal with |- context [det ?low ?high ?a] =>
    rewrite (det_laplace low high a);
    let c := eval compute in (Z.to_nat (high - low + 1)) in change (Z.to_nat (high - low + 1)) with c
  end;
  cbn [laplace add_up]; unfold alternating, without;
  repeat match goal with
  | |- context [Z.even ?a] => let v := eval compute in (Z.even a) in change (Z.even a) with v; cbv iota
  | |- context [Z.ltb ?a ?b] => let v := eval compute in (Z.ltb a b) in change (Z.ltb a b) with v; cbv iota
  end;
  repeat first [rewrite Sum_first by lia; cbv beta | rewrite Sum_empty by lia];
  repeat match goal with
  | |- context [Z.eqb ?a ?b] => let v := eval compute in (Z.eqb a b) in change (Z.eqb a b) with v; cbv iota
  | |- context [delta ?a ?b] => first [rewrite (delta_equal a b) by lia | rewrite (delta_apart a b) by lia]
  | |- context [if_equal ?a ?b ?c ?d] =>
      first [rewrite (if_equal_same a b c d) by lia | rewrite (if_equal_apart a b c d) by lia]
  end.

Ltac numbers := written_out; repeat match goal with |- context [IZR ?e] =>
    let v := eval compute in e in progress change (IZR e) with (IZR v) end;
  first [lra | positive | nonnegative | nonzero | apply Rgt_not_eq; red; lra | apply Rlt_not_eq; lra
        | lazymatch goal with
          | |- 0 < sqrt _ => apply sqrt_lt_R0; lra
          | |- sqrt _ <> 0 => apply Rgt_not_eq; red; apply sqrt_lt_R0; lra
          end].
